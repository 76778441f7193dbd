// What a sheet can be refused for, in Chinese: each kind of sentence with the places of its arguments.

extension Message {
  /// Kinds of sentences about the files of a sheet, their front matter, their text and their data.
  static let chineseSheetPatterns: [String: String] = {
    var all = files
    for table in [yaml, values, frontMatter, cells, tasks, models, texts, grading] { all.merge(table) { $1 } }
    return all
  }()

  private static let files: [String: String] = [
    "the file cannot be read: %1": "无法读取这个文件：%1",
    "No such file or directory": "没有这个文件或文件夹",
    "Permission denied": "没有读取权限",
    "Too many levels of symbolic links": "符号链接层数太多",
    "Input/output error": "输入输出错误",
    "this is no file": "这不是普通文件",
    "the file has %1 bytes; a sheet has at most %2": "文件有 %1 字节；题目最多 %2 字节",
    "the file is longer than %1 bytes, the most a sheet has": "文件超过 %1 字节，这是题目的上限",
    "a byte 0 stands here; save the sheet as plain UTF-8 text": "这里有一个值为 0 的字节；请把题目存为纯文本（UTF-8）",
    "the text is not UTF-8 from here on; save it in UTF-8": "从这里起不是 UTF-8 编码；请存为 UTF-8",
    "there is no sheet at `%1`": "`%1` 处没有题目",
    "there is no sheet `%1`": "没有题目 `%1`",
    "there is no sheet `%1`%2": "没有题目 `%1`%2",
    "; did you mean `%1`?": "；是不是 `%1`？",
    "; did you mean %1?": "；是不是 %1？",
    "%1 or %2": "%1 或 %2",
    "known sheets: %1": "现有题目：%1",
    "there are none": "一个也没有",
    "the id is `%1` and the folder is called `%2`; they must be equal": "id 是 `%1`，文件夹却叫 `%2`；两者必须相同",
    "this sheet needs itself by way of others (%1); break the circle": "本题经过别的题目（%1）又要求先做它自己；请断开这个循环",
  ]

  /// What is no YAML, and what YAML's reader says of it.
  private static let yaml: [String: String] = [
    "a sheet begins with a line `---`, then its front matter, then another line `---`":
      "题目的第一行是 `---`，接着是开头的设置，然后再是一行 `---`",
    "the front matter never ends: write a second line `---` below it": "开头的设置没有结束：请在它下面再写一行 `---`",
    "the front matter is longer than %1 KiB; is the second line `---` missing?":
      "开头的设置超过 %1 KiB；是不是少了第二行 `---`？",
    "an invisible control character stands here; delete it": "这里有一个看不见的控制字符；请删掉",
    "front matter is lines such as `id: my-sheet`, %1": "开头的设置应是 `id: my-sheet` 这样的行，%1",
    "a key is a text, %1": "键应是一段文字，%1",
    "%1 stands here twice; keep one of them": "%1 在这里出现了两次；请只留一个",
    "a `: ` stands inside this text or its indentation is off; a text with `: ` needs quotes":
      "这段文字里有 `: `，或者缩进不对；含有 `: ` 的文字要加引号",
    "this line does not fit the lines above it, from line %1 on: a key is followed by `: `, keys of one mapping are indented alike, and nothing stands behind a closing quote or bracket":
      "这一行与上面从第 %1 行开始的内容对不上：键后面要写 `: `，同一组的键缩进要相同，右引号和右括号后面不能再有内容",
    "a space belongs behind this `-`": "这个 `-` 后面要有空格",
    "a text that begins with “%1” needs single quotes": "以“%1”开头的文字要加单引号",
    "this cannot be read as YAML: %1": "不能按 YAML 读取：%1",
    "this cannot be read as YAML: %1; check quotes, brackets and indentation":
      "不能按 YAML 读取：%1；请检查引号、括号和缩进",
    "brackets are nested deeper than %1; write it flatter": "括号嵌套超过 %1 层；请写得平一些",
    "this `%1` is never closed by `%2`": "这个 `%1` 没有对应的 `%2`",
    "a tab indents this line; indent it with spaces": "这一行用制表符缩进；请改用空格",
    "`%1` is no text: a text that begins so needs single quotes, and anchors, aliases and tags are not read":
      "`%1` 不能这样写：这样开头的文字要加单引号；不支持锚点、别名和标签",
    "`%1` has brackets of its own and needs quotes here: write '%2'": "`%1` 里有括号，在这里要加引号：请写 '%2'",
    "a backslash in double quotes is no LaTeX: write single quotes, '…', and the backslash stays":
      "双引号里的反斜杠不是 LaTeX：请用单引号 '…'，反斜杠才会保留",
    "this quote is never closed by another `%1`": "这个引号后面没有另一个 `%1`",
    "block sequence entries are not allowed in this context": "这里不能有以 `- ` 开头的列表项",
    "could not find expected ':'": "缺少 `:`",
    "could not find expected directive name": "`%` 后面没有指令名",
    "did not find expected ',' or ']'": "应当有 `,` 或 `]`",
    "did not find expected ',' or '}'": "应当有 `,` 或 `}`",
    "did not find expected <document start>": "内容在前面已经结束，这里多出了一段",
    "did not find expected alphabetic or numeric character": "这里应当是字母或数字",
    "did not find expected comment or line break": "这里应当换行，或者是注释",
    "did not find expected digit or '.' character": "这里应当是数字或 `.`",
    "did not find expected key": "这里应当是一个键",
    "did not find expected '-' indicator": "这里应当是以 `- ` 开头的列表项",
    "did not find expected node content": "这里应当有内容",
    "did not find expected version number": "这里应当是版本号",
    "did not find expected whitespace": "这里应当有空格",
    "did not find expected whitespace or line break": "这里应当有空格或换行",
    "expected a single document in the stream": "开头的设置只能是一份文档",
    "found a tab character that violates indentation": "缩进里有制表符",
    "found a tab character where an indentation space is expected": "缩进应当用空格，这里是制表符",
    "found an indentation indicator equal to 0": "缩进数不能是 0",
    "found character that cannot start any token": "任何内容都不能以这个字符开头",
    "found duplicate %YAML directive": "`%YAML` 指令出现了两次",
    "found duplicate %TAG directive": "`%TAG` 指令出现了两次",
    "found extremely long version number": "版本号太长",
    "found incompatible YAML document": "不支持这个 YAML 版本",
    "found undefined tag handle": "标签没有定义",
    "found unexpected ':'": "这里不应有 `:`",
    "found unexpected document indicator": "这里不应有文档标记 `---` 或 `...`",
    "found unexpected end of stream": "没有写完就结束了",
    "found unexpected non-alphabetical character": "这里不应有字母以外的字符",
    "found unknown directive name": "没有这个指令",
    "found unknown escape character": "没有这个转义字符",
    "mapping keys are not allowed in this context": "这里不能有键",
    "mapping values are not allowed in this context": "这里不能有 `: `",
    "control characters are not allowed": "不能有控制字符",
  ]

  /// What stands in the place of what, for any key.
  private static let values: [String: String] = [
    "not nothing": "这里却什么也没写",
    "not `%1`": "这里写的是 `%1`",
    "not the text “%1”": "这里写的是文字“%1”",
    "not `[%1]`": "这里写的是 `[%1]`",
    "not an empty list": "这里的列表是空的",
    "not a list": "这里写的是列表",
    "not a mapping": "这里写的是键值对",
    "`%1` is %2, %3": "`%1` 应是%2，%3",
    "`%1` is one of %2, %3%4": "`%1` 应是其中之一：%2，%3%4",
    "one of %1": "其中之一（%1）",
    "a mapping such as `%1`": "一组键值对（如 `%1`）",
    "a text": "一段文字",
    "`%1` holds texts, %2": "`%1` 里应是文字，%2",
    "`true` or `false`": "布尔值 `true` 或 `false`",
    "a whole number from %1 to %2": "从 %1 到 %2 的整数",
    "a number %1": "%1的数",
    "from %1 to %2": "从 %1 到 %2 ",
    "of %1 or more": "不小于 %1 ",
    "above 0 and up to %1": "大于 0 且不超过 %1 ",
    "two numbers such as `[0.1, 10]`, the smaller one first, %1": "%1的两个数，小的在前（如 `[0.1, 10]`）",
    "a list such as `['\\frac{\\partial L}{\\partial W}']`": "列表（如 `['\\frac{\\partial L}{\\partial W}']`）",
    "a list of ids such as `[rnn-step]`": "由 id 组成的列表（如 `[rnn-step]`）",
    "a list of axes such as `[H]`, `[H, D]`, or `[]` for a scalar":
      "由轴组成的列表（如 `[H]`、`[H, D]`，标量写 `[]`）",
    "a list of blocks such as `[previous.c, Wf]`": "由块组成的列表（如 `[previous.c, Wf]`）",
    "a list whose items look like `%1`": "列表，每一项形如 `%1`",
    "a list whose items look like `- {id: forward, kind: forward, points: 20}`":
      "列表，每一项形如 `- {id: forward, kind: forward, points: 20}`",
    "a list such as `[0.5, 1, 2]`, or `[0]` for greedy sampling": "列表（如 `[0.5, 1, 2]`，贪心采样写 `[0]`）",
    "`%1` is no id: one is made of small letters, digits and hyphens, such as `nndl-6-4`":
      "`%1` 不能作 id：id 由小写字母、数字和连字符组成，如 `nndl-6-4`",
    "`%1` stands here twice; keep one of them": "`%1` 在这里出现了两次；请只留一个",
  ]

  private static let frontMatter: [String: String] = [
    "the front matter": "开头的设置",
    "%1 has no key `%2`%3": "%1：没有 `%2` 这个键%3",
    "; known are %1": "；可以用的键有 %1",
    "the front matter has no `%1`; write it as in `%2`": "开头的设置里没有 `%1`；请照 `%2` 这样写上",
    "the front matter has no `tasks`; write `tasks:` and below it `  - {id: forward, kind: forward, points: 20}`":
      "开头的设置里没有 `tasks`；请写 `tasks:`，再在下面写 `  - {id: forward, kind: forward, points: 20}`",
    "a sheet cannot need itself": "题目不能要求先做它自己",
    "the task `%1` is about a cell, and the front matter has no `cell`":
      "任务 `%1` 针对单元，而开头的设置里没有 `cell`",
    "the task `%1` is of kind `%2`, which is about one layer, and the cell has `layers`; with layers go derivation, quantity and essay: put it into a sheet of its own, or take `layers` out":
      "任务 `%1` 属于 `%2` 类，只针对一层，而单元设了 `layers`；有多层时只能用 `derivation`、`quantity` 和 `essay`：请把这个任务另写成一道题，或去掉 `layers`",
    "mistakes are those of a cell, and the front matter has no `cell`":
      "`faults` 说的是单元的错误，而开头的设置里没有 `cell`",
    "a model is built around a cell; declare `cell` too": "模型要围绕一个单元；请同时声明 `cell`",
    "a translation's front matter holds `title`, `source` and `faults` only; `%1` is read from sheet.md":
      "译文开头的设置里只有 `title`、`source` 和 `faults`；`%1` 取自 sheet.md",
    "the front matter has no `title`; write the translated title there":
      "开头的设置里没有 `title`；请写上译文的标题",
    "the words for a mistake are one line; `>-` in the place of `|` joins them":
      "一个错误的说明只能是一行；把 `|` 换成 `>-` 就能连成一行",
    "mathematics in these words does not end; it stands between $` and `$, as in the text":
      "这段说明里的公式没有结束；公式写在 $` 与 `$ 之间，与正文里一样",
  ]

  private static let cells: [String: String] = [
    "`cell` has no `%1`; write it below `cell:`": "`cell` 里没有 `%1`；请写在 `cell:` 下面",
    "`name` is a name of at most 40 characters, such as `LSTM` or `minGRU`, %1":
      "`name` 应是不超过 40 个字符的名字，如 `LSTM` 或 `minGRU`，%1",
    "`%1` is taken by the interface of a submission; choose another name":
      "提交代码的接口已经用了 `%1`；请另取一个名字",
    "a size is one letter such as `H`, not `%1`": "大小用一个字母表示，如 `H`，这里写的是 `%1`",
    "`%1` is no symbol; one begins with a letter or a command, such as `W_f` or `'\\tilde{c}'`":
      "`%1` 不是符号；符号以字母或命令开头，如 `W_f` 或 `'\\tilde{c}'`",
    "`%1` names nothing; write a symbol and its axes, such as `h: [H]`":
      "`%1` 里什么也没有；请写符号和它的轴，如 `h: [H]`",
    "`%1` has %2 axes; there are at most two, as in `[H, D]`": "`%1` 有 %2 个轴；最多两个，如 `[H, D]`",
    "an axis is written `H`, `4H` or `H+D`, %1": "轴写作 `H`、`4H` 或 `H+D`，%1",
    "`N` counts the samples of a batch and is no axis; leave it out, it is added where it belongs":
      "`N` 是一批样本的个数，不作为轴；请去掉，需要时会自动加上",
    " (it has %1)": "（其中有 %1）",
    "the size `%1` is not in `sizes`%2; add it, such as `%3: 3`": "`sizes` 里没有大小 `%1`%2；请补上，如 `%3: 3`",
    "`%1` stands under `%2` already; a name means one thing in a sheet":
      "`%1` 在 `%2` 下已经有了；一道题里一个名字只有一个意思",
  ]

  private static let tasks: [String: String] = [
    "a task": "任务",
    "an experiment": "实验（`experiment`）",
    "an error": "`errors` 中的一项",
    "`tasks` is empty; a sheet has at least one task": "`tasks` 是空的；题目至少有一个任务",
    "a task is written `- {id: forward, kind: forward, points: 20}`, %1":
      "任务写作 `- {id: forward, kind: forward, points: 20}`，%1",
    "this task has no `%1`; write it as in `{id: forward, kind: forward, points: 20}`":
      "这个任务没有 `%1`；请照 `{id: forward, kind: forward, points: 20}` 这样写上",
    "the task `%1` stands here twice; each task has an id of its own": "任务 `%1` 出现了两次；每个任务的 id 各不相同",
    "`%1` is only there where a task of kind sequence asks for it":
      "只有题目中有 `sequence` 类任务时才有 `%1`",
    "`%1` belongs to tasks of kind %2, not to `%3`": "`%1` 只用于这几类任务：%2；不用于 `%3`",
    "a derivation has `goals`, such as `goals: ['\\frac{\\partial L}{\\partial W}']`":
      "`derivation` 类任务要有 `goals`，如 `goals: ['\\frac{\\partial L}{\\partial W}']`",
    "a task of kind quantity has an `answer`, such as `answer: 'P = 4H(D+H+1)'`":
      "`quantity` 类任务要有 `answer`，如 `answer: 'P = 4H(D+H+1)'`",
    "`goals` is empty; name what is to be derived, such as `['\\frac{\\partial L}{\\partial W}']`":
      "`goals` 是空的；请写出要推导的量，如 `['\\frac{\\partial L}{\\partial W}']`",
    "a task of kind compile has `errors`, such as `errors: [%1]`": "`compile` 类任务要有 `errors`，如 `errors: [%1]`",
    "a task of kind bound has a `limit`: the bound that a learner's own is held against":
      "`bound` 类任务要有 `limit`：用来与学生的结果比较的界",
    "a remedy has a `require`: what its experiment must reach, as in `require: {growth: 10, far: 0.01}`":
      "`remedy` 类任务要有 `require`，说明实验要达到什么，如 `require: {growth: 10, far: 0.01}`",
    "an error is written `%1`, %2": "错误写作 `%1`，%2",
    "this error has no `%1`; write it as in `%2`": "这个错误没有 `%1`；请照 `%2` 这样写上",
    "`variants` is empty; leave it out for PyTorch's default, or name one as in `['gaussian:1']`":
      "`variants` 是空的；用 PyTorch 的默认值就去掉它，否则请写一个，如 `['gaussian:1']`",
    "`require` is empty; write what must be reached, as in `{growth: 10}`":
      "`require` 是空的；请写要达到什么，如 `{growth: 10}`",
    "`between` is empty; write it as in `%1`": "`between` 是空的；请照 `%1` 这样写",
    "`set` is empty; write it as in `%1`": "`set` 是空的；请照 `%1` 这样写",
    "`%1` is in `zero`, too; keep one of them": "`%1` 也在 `zero` 里；请只保留一处",
    "the bounds of `%1` are plain numbers with at most six decimals": "`%1` 的上下限应是普通写法的数，最多六位小数",
    "`fixed` has no `%1`; write it as in `%2`": "`fixed` 里没有 `%1`；请照 `%2` 这样写上",
    "`%1` is no file beside the sheet; write its name alone": "`%1` 不是题目旁边的文件；请只写文件名",
    "%1: %2": "%1：%2",
  ]

  private static let models: [String: String] = [
    "`model` has no `%1`; write it below `model:`": "`model` 里没有 `%1`；请写在 `model:` 下面",
    "`start` has no `input`: what a sequence is about, such as `v: [F]`":
      "`start` 里没有 `input`：它说明一个序列讲的是什么，如 `v: [F]`",
    "`%1` does not go with `captions`": "`%1` 不能与 `captions` 一起用",
    "`data` is `captions: 50` or `text: rhyme.txt` with `window: 20` and `batch: 16`":
      "`data` 写作 `captions: 50`，或 `text: rhyme.txt` 加上 `window: 20` 和 `batch: 16`",
    "the text lies beside the sheet and its name ends in `.txt`; `%1` does not":
      "文本要放在题目旁边，文件名以 `.txt` 结尾；`%1` 不符合",
    "a task of kind model has a `part`: forward, gradients, sampling, clipping or training":
      "`model` 类任务要有 `part`：`forward`、`gradients`、`sampling`、`clipping` 或 `training`",
    "`%1` belongs to the part %2, not to `%3`": "`%1` 用于 `%2` 部分，不用于 `%3`",
    "the part %1 has `%2`, such as `%3: %4`": "`%1` 部分要有 `%2`，如 `%3: %4`",
    "greedy sampling (`0`) has an interface of its own and stands alone":
      "贪心采样（`0`）有自己的接口，不能与别的温度放在一起",
    "`temperatures` has %1 entries; there are at most 10": "`temperatures` 有 %1 项；最多 10 项",
    "the temperature %1 is too small to be told from 0": "温度 %1 太小，与 0 分不清",
    "a temperature stands here twice": "同一个温度出现了两次",
    "the task `%1` is about a model, and the front matter has no `model`":
      "任务 `%1` 针对模型，而开头的设置里没有 `model`",
    "`%1`: a sheet with a `model` has one interface, so its tasks in code are of kind model":
      "`%1`：有 `model` 的题目只有一种接口，所以其中的代码任务都属于 `model` 类",
    "two tasks have `part: %1`; keep one of them": "有两个任务都写了 `part: %1`；请只留一个",
    "gradients and training need a task with `part: forward`":
      "有 `gradients` 或 `training` 时，还要有一个 `part: forward` 的任务",
    "a sheet with a `model` has at least one task of kind model": "有 `model` 的题目至少要有一个 `model` 类任务",
    "`%1` is not among the cell's `%2` (%3)": "单元的 `%2` 里没有 `%1`（其中有 %3）",
    "`%1` is the `%2` and must be a number for each sample: declare it as `[]`":
      "`%1` 是 `%2`，对每个样本应是一个数：请声明为 `[]`",
    "`%1` is the `%2` and must be a vector with an entry for each word":
      "`%1` 是 `%2`，应是一个向量，每个词对应一个元素",
    "a model's cell has three inputs: the word, the target and the mask; this one has %1":
      "模型的单元有三个输入：词、目标和掩码；这里有 %1 个",
    "word, target and scores have an entry for each word of the vocabulary, so their axes must be the same":
      "词、目标和得分对词表中的每个词都有一个元素，所以它们的轴必须相同",
    "`%1` is a name of a model's interface; choose another symbol": "`%1` 是模型接口里的名字；请换一个符号",
    "the model has a `start` and the text has no equations for it; write them in a block ```math start":
      "模型有 `start`，正文里却没有它的方程；请写在 ```math start 块里",
    "`%1` has a meaning already; choose another symbol": "`%1` 已经有了含义；请换一个符号",
    "these equations say how states begin, and `model` has no `start`":
      "这些方程规定状态的起点，而 `model` 里没有 `start`",
  ]

  private static let texts: [String: String] = [
    "`%1` is no role of a math block; write ```math forward for the cell's equations, or ```math alone%2":
      "数学块不能标 `%1`；单元的方程请写 ```math forward，其他公式只写 ```math%2",
    "the front matter declares a cell and the text has no equations for it; write them in a block ```math forward":
      "开头的设置声明了单元，正文里却没有它的方程；请写在 ```math forward 块里",
    "these equations belong to a cell, and the front matter has no `cell`":
      "这些是单元的方程，而开头的设置里没有 `cell`",
    "this formula stands in HTML, in a link or in code and was passed over; write it in the text":
      "这个公式写在 HTML、链接或代码里，没有读取；请写在正文里",
    "a formula between single backticks is code and was passed over; write it between dollars":
      "单个反引号之间的公式会当作代码，没有读取；请写在 `$` 之间",
    "this block is code and was passed over; begin it with ```math in the place of %1":
      "这一块是代码，没有读取；请把开头的 %1 换成 ```math",
    "these lines are indented by four spaces, which makes them code, and were passed over; begin them at the margin or write ```math above them":
      "这几行缩进了四个空格，会当作代码，没有读取；请顶格书写，或在上面加 ```math",
    "this block is empty; write the cell's equations in it": "这个块是空的；请在里面写单元的方程",
    "the cell's equations stand where a reader does not see them; write them in the body":
      "单元的方程放在了读者看不到的地方；请写在正文里",
    "this block of mathematics differs from %1:%2; they must be equal, byte for byte":
      "这个数学块与 %1:%2 不同；两者必须逐字节相同",
    "the number of mathematical blocks is %1 here and %2 in %3; they must be the same":
      "这里有 %1 个数学块，%3 里有 %2 个；个数必须相同",
    "the number of hints is %1 here and %2 in %3; write as many `## 提示`":
      "这里有 %1 条提示，%3 里有 %2 条；请写同样多的 `## 提示`",
    "this heading has level %1; write `## %2`, so that the section is not shown to everybody":
      "这个标题是 %1 级；请写成 `## %2`，这一节才不会给所有人看到",
    "`%1` would be shown to everybody; did you mean `## %2`?": "`%1` 会给所有人看到；是不是要写 `## %2`？",
  ]

  /// What is found once a sheet is held against its cell, its files and its experiments.
  private static let grading: [String: String] = [
    "there is no `%1` here; there are %2": "这里没有 `%1`；有的是 %2",
    "`%1` changes what happens inside a cell, which a submission's own does not let it":
      "`%1` 要改动单元的内部，而提交的单元不能这样改动",
    "`%1` does not fit the cell: %2": "`%1` 不适用于这个单元：%2",
    "`%1` lacks its number, as in `%2:1`": "`%1` 缺少数值，应如 `%2:1`",
    "`%1`: the number is from %2 to %3": "`%1`：数值应在 %2 到 %3 之间",
    "`%1`: `%2` takes no number": "`%1`：`%2` 不带数值",
    "`%1`: `%2` is not a number": "`%1`：`%2` 不是数",
    "`%1` is no part of a variant; known are %2, joined by `+`": "variant 里没有 `%1`；可以用的有 %2，用 `+` 连接",
    "`%1` says two things about the same: `%2` and a part before it": "`%1` 对同一件事说了两遍：`%2` 与前面的一部分重复",
    "no gate keeps its state, so that no bias can be set": "没有保留状态的门，无从设置偏置",
    "the gate that keeps its state has no bias": "保留状态的门没有偏置",
    "its equations have neither tanh nor ReLU to replace": "方程里没有可以替换的 tanh 或 ReLU",
    "`%1` cannot be made of square blocks (%2 by %3)": "`%1` 不能由方块拼成（%2 与 %3）",
    "the cell has no state `%1`; there are %2": "单元没有状态 `%1`；有的是 %2",
    "captions need a `start` with one vector as its input, the feature of the picture":
      "`captions` 要求 `start` 以一个向量（图片的特征）为输入",
    "a `text` gives nothing for the input of `start`; take `start` out": "`text` 提供不了 `start` 的输入；请去掉 `start`",
    "there is no file `%1` beside the sheet": "题目旁边没有文件 `%1`",
    "`%1` is longer than %2 KiB, or no UTF-8": "`%1` 超过 %2 KiB，或者不是 UTF-8",
    "`%1` has %2 characters, which do not fill one window of %3": "`%1` 有 %2 个字符，填不满一个长度为 %3 的窗口",
    "the data has %1 different words, so the size `%2` is %3, not %4":
      "数据中有 %1 个不同的词，所以大小 `%2` 应是 %3，而不是 %4",
    "there is no mistake `%1` with this cell; the nearest are %2; `unroll faults %3` lists them all":
      "这个单元没有错误 `%1`；最接近的有 %2；`unroll faults %3` 会列出全部",
  ]
}
