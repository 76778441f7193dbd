// What a derivation can be refused for, in Chinese, and where the tables for the rest are joined: each kind of sentence with the places of its arguments.

extension Message {
  /// Every kind of sentence that a derivation or a sheet can meet; kinds without words, such as `%1×%2`, need no entry.
  package static let chinesePatterns: [String: String] = {
    var all = names
    for table in [shapes, products, derivatives, rows, indices, layers, limits] { all.merge(table) { $1 } }
    return all.merging(chineseForwardPatterns) { $1 }.merging(chineseSheetPatterns) { $1 }
  }()

  private static let shapes: [String: String] = [
    "`%1` does not fit in shape":
      "`%1` 的形状不相符",
    "`%1` does not fit together in shape":
      "`%1` 中各项的形状不相符",
    "`%1` is a matrix elsewhere and a vector here":
      "`%1` 在别处是矩阵，在这里是向量",
    "`%1` is a product of two vectors; write `\\odot`":
      "`%1` 是两个向量的乘积；请写 `\\odot`",
    "`%1` is no vector here":
      "`%1` 在这里不是向量",
    "`%1` is not read in the equations of a text":
      "文中的单元方程里不读 `%1`",
    "`%1` is written in columns, `%2` in rows: which?":
      "`%1` 按列书写，`%2` 按行书写：到底是哪一种？",
    "a matrix stands before a vector here, or behind one":
      "这里矩阵应在向量之前或之后",
    "only vectors are put together in the equations of a text":
      "文中的单元方程里只能拼接向量",
    "the parts are not equally long":
      "各部分的长度不相等",
    "the two sides do not fit in shape":
      "两边的形状不相符",
    "`%1` is made from itself in the same step%2":
      "`%1` 在同一步中由自己得到%2",
    "; is `%1` meant?":
      "；是否指 `%1`？",
    "`%1` is stated twice and differently (lines %2 and %3): which?":
      "`%1` 写了两次且不相同（第 %2 行和第 %3 行）：到底是哪一个？",
    "a number": "一个数",
    "; one of them is transposed": "；其中一个多了或少了转置",
    "`I` is square, but %1 stands here": "`I` 是方阵，而这里应为 %1",
    "the spectral radius is of a square matrix; this is %1": "谱半径只对方阵有定义；这里是 %1",
    "nothing here says how large `%1` is; write it next to what it belongs to":
      "无法确定 `%1` 的大小；请把它和它所属的量写在一起",
    "nothing here says how large this is": "无法确定这一项的大小",
    "a number and a matrix of %1 cannot be added; write `I` for the diagonal or `\\mathbf 1\\mathbf 1^\\top` for all entries":
      "一个数与 %1 的矩阵不能相加；加到对角线上写 `I`，加到所有元素上写 `\\mathbf 1\\mathbf 1^\\top`",
    "%1 and %2 cannot be added%3": "%1 与 %2 不能相加%3",
    "%1 and %2 cannot be subtracted%3": "%1 与 %2 不能相减%3",
    "the left side is %1, the right side %2": "左边的形状是 %1，右边是 %2",
    "the left side is %1, the right side %2; a vector on the diagonal is `\\operatorname{diag}(…)`":
      "左边的形状是 %1，右边是 %2；把向量放到对角线上写作 `\\operatorname{diag}(…)`",
    "this is %1, and above the same name is %2": "这里的形状是 %1，而同一个名字在上面是 %2",
    "parts beside each other have equally many rows; here are %1 and %2": "左右并排的各块行数应相同；这里是 %1 和 %2",
    "parts on top of each other have equally many columns": "上下叠放的各块列数应相同",
    "to put parts together use square brackets: `[a; b]`": "拼接各部分请用方括号：`[a; b]`",
    "this environment is not read; use bmatrix for a matrix": "不支持这个环境；矩阵请用 bmatrix",
  ]

  private static let products: [String: String] = [
    "`*` is by element on equal shapes; here are %1 and %2: write `\\odot` or a product":
      "`*` 表示同形状的量逐元素相乘；这里是 %1 和 %2：请写 `\\odot`，或写成矩阵乘积",
    "`\\otimes` has several meanings; write `\\odot`, or `a b^\\top` for the outer product":
      "`\\otimes` 有几种含义；请写 `\\odot`，外积写 `a b^\\top`",
    "`\\odot` takes equal shapes, here %1 and %2; for rows or columns scaled by a vector write `\\operatorname{diag}(v) A` or `A \\operatorname{diag}(v)`":
      "`\\odot` 两边形状应相同，这里是 %1 和 %2；用向量缩放矩阵的行或列，请写 `\\operatorname{diag}(v) A` 或 `A \\operatorname{diag}(v)`",
    "`\\odot` takes equal shapes, here %1 and %2%3": "`\\odot` 两边形状应相同，这里是 %1 和 %2%3",
    "a product of two vectors of %1 has several readings: write `a \\odot b` by element, `a^\\top b` for the inner or `a b^\\top` for the outer product":
      "两个 %1 的向量相乘有几种读法：逐元素相乘写 `a \\odot b`，内积写 `a^\\top b`，外积写 `a b^\\top`",
    "%1 times %2: %3 columns do not meet %4 rows%5": "%1 乘 %2：左边有 %3 列，右边有 %4 行，对不上%5",
    "this divides by 0": "这里除以了 0",
    "a fraction is of numbers or by element; here are %1 over %2": "分式只用于数或逐元素相除；这里是 %1 除以 %2",
    "`^{%1}` would be a power; write an index below: `%2` with `_{%3,t}`":
      "`^{%1}` 会被读成乘方；下标请写在右下角：`%2` 加上 `_{%3,t}`",
    "`^` is a power here, and its exponent cannot be read: %1": "这里的 `^` 是乘方，但读不懂指数：%1",
    "the exponent must be a number": "指数必须是一个数",
    "a power of %1 needs a square matrix and a whole exponent that is not negative":
      "%1 的乘方要求是方阵，指数为非负整数",
    "a negative power of %1 is not read; write a fraction": "不支持 %1 的负次幂；请写成分式",
    "`%1` takes equal shapes; here are %2 and %3": "`%1` 的两个参数形状应相同；这里是 %2 和 %3",
    "`diag` is a matrix for each sample, and this sheet speaks of a batch; write `\\odot`":
      "`diag` 对每个样本各是一个矩阵，而本题讨论的是一批样本；请写 `\\odot`",
    "`diag` takes a vector and makes a matrix; this is %1": "`diag` 把向量变成矩阵；这里是 %1",
    "`%1` takes a vector": "`%1` 的参数是向量",
    "a sign behind `%1` needs brackets: `a %2 (-b)`": "`%1` 后面的正负号要加括号：`a %2 (-b)`",
    "`\\prod` multiplies matrices, and this is %1; for vectors write `\\bigodot`, or `\\operatorname{diag}(…)` inside":
      "`\\prod` 是矩阵连乘，而这里是 %1；向量请写 `\\bigodot`，或在里面写 `\\operatorname{diag}(…)`",
    "the first factor behind `%1` does not mention `%2`; put what is repeated into brackets":
      "`%1` 后的第一个因子里没有 `%2`；请把要重复的部分放进括号",
  ]

  private static let derivatives: [String: String] = [
    "only numbers stand beside a gradient that is taken through `%1`": "经过 `%1` 传递的梯度旁边只能有数",
    "`%1` has three axes; it stands right behind the derivative of the loss that it continues, `\\frac{\\partial L}{\\partial z_t} \\frac{\\partial z_t}{\\partial W}`; otherwise write the product with a transposed vector":
      "`%1` 有三个轴；它只能紧跟在它所延续的损失导数之后，如 `\\frac{\\partial L}{\\partial z_t} \\frac{\\partial z_t}{\\partial W}`；否则请写成与转置向量的乘积",
    "the derivative of a vector by a matrix has three axes; it stands only right behind the derivative of the loss that it continues":
      "向量对矩阵的导数有三个轴；它只能紧跟在它所延续的损失导数之后",
    "a higher derivative of `%1` is not read": "不支持 `%1` 的高阶导数",
    "`%1'` is a Jacobian; write it out": "`%1'` 是雅可比矩阵；请把它写出来",
    "a loss has one step at most": "损失最多带一个时间步",
    "`%1` is no node of the cell, so there is no derivative by it; name a sub-expression of an equation first":
      "`%1` 不是单元里的量，不能对它求导；请先给方程中的某个子式命名",
    "`%1` is a constant; nothing is differentiated by it": "`%1` 是常数，不能对它求导",
    "`%1` is a constant and has no time": "`%1` 是常数，不带时间步",
    "`%1` is a parameter and depends on nothing": "`%1` 是参数，不依赖任何量",
    "`%1` is an input and depends on nothing": "`%1` 是输入，不依赖任何量",
    "`%1` by `%2` is a Jacobian, and this sheet speaks of a batch; differentiate the loss":
      "`%1` 对 `%2` 的导数是雅可比矩阵，而本题讨论的是一批样本；请对损失求导",
    "`\\delta` is a name; a derivative is written with `\\partial`": "`\\delta` 是一个名字；导数用 `\\partial` 表示",
    "a derivative has `\\partial` above and below: `\\frac{\\partial L}{\\partial W}`":
      "导数的分子和分母都要有 `\\partial`：`\\frac{\\partial L}{\\partial W}`",
    "write what is differentiated above the line: `\\frac{\\partial L}{\\partial W}`":
      "请把被求导的量写在分子上：`\\frac{\\partial L}{\\partial W}`",
    "`\\partial^{+}` is the immediate derivative; a second derivative is not read":
      "`\\partial^{+}` 表示直接偏导数；不支持二阶导数",
    "a derivative is of a name and by a name; give `%1` a name first": "求导的对象和变量都应是名字；请先给 `%1` 起个名字",
    "a derivative by a transpose or a power is not read; write it by the name alone":
      "不支持对转置或乘方求导；请直接对名字求导",
    "`\\partial` begins a derivative: `\\frac{\\partial L}{\\partial W}`":
      "`\\partial` 表示求导：`\\frac{\\partial L}{\\partial W}`",
    "`\\nabla` needs what it differentiates by: `\\nabla_W L`": "`\\nabla` 要写明对什么求导：`\\nabla_W L`",
    "a prime stands only on a function, such as `\\sigma'(z)`; for the derivative of a gate write `%1 \\odot (1 - %2)`, for a transpose `%3^\\top`":
      "撇号只用在函数上，如 `\\sigma'(z)`；门的导数请写 `%1 \\odot (1 - %2)`，转置写 `%3^\\top`",
  ]

  private static let names: [String: String] = [
    "`%1` stands where the loss is differentiated; it is read as the loss `L`": "`%1` 出现在对损失求导的位置；按损失 `L` 理解",
    "`%1` is read as the activation of the cell, %2": "`%1` 按单元的激活函数 %2 理解",
    "`%1` stands for any parameter; its lines are tested with `%2`": "`%1` 代表任一参数；含它的行用 `%2` 检验",
    "a derivation speaks of one sample; the sum over the batch is passed over": "推导只讨论一个样本；对批量的求和略去",
    "rows": "行向量",
    "columns": "列向量",
    "this text states a cell of its own, in %1, which is not this sheet's; its lines are tested on it":
      "文中用%1写出了自己的单元，与本讲义的不同；各行按该单元检验",
    "the cell of this text is this sheet's, in %1: %2": "文中的单元就是本讲义的单元，用%1书写：%2",
    "the cell of this text is this sheet's, in %1: %2; `%3` is one minus the sheet's":
      "文中的单元就是本讲义的单元，用%1书写：%2；`%3` 等于 1 减去讲义中的门",
    "`%1` is read as the target: the gradient of a step's loss by `%2` is the difference, as with the cross-entropy":
      "`%1` 按标签理解：该步损失对 `%2` 的梯度就是这个差，与交叉熵一致",
    "`%1` is not stated: it is read as some output made of `%2`": "文中没有给出 `%1`：按由 `%2` 得到的某个输出理解",
    "`%1` has no shape that can be read": "无法确定 `%1` 的形状",
    "`%1` stands for a function; it claims nothing": "`%1` 表示一个函数；不作为论断",
    "`%1` before a name is the derivative of the loss by it": "名字前的 `%1` 表示损失对它的导数",
    "`+=` is read as the sum over `%1` = 1, …, T": "`+=` 理解为对 `%1` = 1, …, T 求和",
    "the product repeats all of `%1`": "连乘重复的是整个 `%1`",
    "`%1` is unknown; the loss is `L`, a step's own loss `L_t`, the identity `I`":
      "没有 `%1` 这个名字；损失记作 `L`，某一步的损失记作 `L_t`，单位矩阵记作 `I`",
    "`d` before a name stands for the derivative of the loss by it, as in `dh_t`; the name behind this one is unknown":
      "名字前的 `d` 表示损失对它的导数，如 `dh_t`；而这里 `d` 后面的名字不认识",
    "`%1` carries a step, but `%2` is a parameter, the same at every step; leave the step out":
      "`%1` 带了时间步，但 `%2` 是参数，各步共用；请去掉时间步",
    "`%1'` stands before a bracket, so `%2` would be a function, and there is none of this name; write the function's own, such as `\\tanh'(…)`":
      "`%1'` 后面是括号，`%2` 应是函数，但没有这个函数；请写出函数本身的名字，如 `\\tanh'(…)`",
    "`%1` is unknown; %2": "没有 `%1` 这个名字；%2",
    "define it first: `%1 := …`": "请先定义：`%1 := …`",
    "known names like it: %1; or define it first": "相近的名字有 %1；或者先定义它",
    "`%1` is defined twice; line %2 defines it already": "`%1` 定义了两次；第 %2 行已经定义过",
    "`%1` was defined with %2 steps and stands here with %3": "`%1` 定义时带 %2 个时间步，这里却带 %3 个",
    "`%1` carries %2 steps here and %3 above": "`%1` 在这里带 %2 个时间步，在上面带 %3 个",
    "a name is defined at one step such as `t` or `t-1`, not at `%1`; give the difference a letter of its own":
      "名字要在 `t` 或 `t-1` 这样的一个时间步上定义，不能在 `%1` 上；请给这个差另取一个字母",
    "a name is expected here": "这里应当是一个名字",
    "a name is expected here, not `%1`": "这里应当是一个名字，而不是 `%1`",
    "`%1` without a backslash is a product of single letters; write `%2`":
      "`%1` 前没有反斜杠，会读成单个字母相乘；请写 `%2`",
    "`%1` needs an argument in brackets": "`%1` 的参数要放在括号里",
    "`%1` needs its two arguments in brackets": "`%1` 的两个参数要放在括号里",
    "`%1` needs an argument in braces": "`%1` 的参数要放在花括号里",
    "one argument": "一个参数",
    "two arguments": "两个参数",
    "`%1` takes %2, not %3": "`%1` 需要%2，这里有 %3 个",
    "is `%1` inside `%2` or behind it? Put the argument in brackets: `%3(…)`":
      "`%1` 是在 `%2` 里面还是后面？请把参数放进括号：`%3(…)`",
    "`\\%1` is not part of the math language": "不支持 `\\%1`",
    "`\\%1` is a letter; write `\\%2` for a sum or product over steps": "`\\%1` 是字母；对时间步求和或连乘请写 `\\%2`",
    "`%1` needs a letter": "`%1` 后面要有一个字母",
    "`\\%1` belongs in a derivation; the equations of a cell are made of products, sums and functions":
      "`\\%1` 只用于推导；单元的方程由乘积、和与函数组成",
  ]

  private static let rows: [String: String] = [
    "a value is missing at the end of the row": "这一行末尾缺少一个量",
    "a value is expected here, not `%1`": "这里应当是一个量，而不是 `%1`",
    "nothing stands behind `%1`": "`%1` 后面什么也没有",
    "nothing stands between these brackets": "这对括号里什么也没有",
    "`%1` cannot stand behind `%2`": "`%1` 不能放在 `%2` 后面",
    "`<` has no `>`": "`<` 没有与之对应的 `>`",
    "`%1` has no opening bracket": "`%1` 没有对应的左括号",
    "this `%1` is never closed": "这个 `%1` 没有结束",
    "this `|` is never closed": "这个 `|` 没有另一半",
    "this norm is never closed": "这个范数没有写完",
    "`%1` is prose here; a formula states `=`": "`%1` 在这里只当作文字；公式要用 `=`",
    "`%1` states no equality and is kept as prose; write `=`, or `\\leq` for a bound":
      "`%1` 不表示相等，只作为文字保留；请写 `=`，上界写 `\\leq`",
    "`%1` is not expected here": "这里不应出现 `%1`",
    "an indicator is not read; the slope of relu is `\\operatorname{relu}'(…)`":
      "不支持示性函数；relu 的导数写作 `\\operatorname{relu}'(…)`",
    "cases stand behind `=`, each with a condition between steps such as `t < T`; otherwise write a line for each case":
      "cases 写在 `=` 之后，每种情形带一个时间步之间的条件，如 `t < T`；否则请每种情形各写一行",
    "`**` is a power in code only; write `^2`": "`**` 只在代码里表示乘方；请写 `^2`",
    "a bar with an index is not read; write the value at that place itself":
      "不支持带下标的竖线；请直接写出该处的值",
    "`%1` is too large": "`%1` 太大了",
    "`\\frac` needs two arguments in braces": "`\\frac` 需要两个花括号里的参数",
    "quotes, lists and emphasis are nested deeper than %1; write it flatter": "引用、列表和强调嵌套超过 %1 层；请写得平一些",
    "one side of the relation is empty; repeat what stood there, or put the row right behind the one it continues":
      "等号有一边是空的；请重写那一边，或紧接在所延续的那一行后面",
    "this cannot be read": "这里读不懂",
    "dots are not read; write `\\sum_{…}^{…}` or `\\prod_{…}^{…}`":
      "不支持省略号；请写 `\\sum_{…}^{…}` 或 `\\prod_{…}^{…}`",
    "`%1` needs the name of an environment in braces": "`%1` 后面要有花括号里的环境名",
    "`\\end{%1}` has no `\\begin`": "`\\end{%1}` 没有对应的 `\\begin`",
    "`\\begin{%1}` has no matching `\\end{%2}`, or nothing between them":
      "`\\begin{%1}` 没有对应的 `\\end{%2}`，或者中间是空的",
    "the environment `%1` is not read; use aligned for rows or bmatrix for a matrix":
      "不支持环境 `%1`；分行请用 aligned，矩阵请用 bmatrix",
    "this environment is never ended": "这个环境没有结束",
    "a backslash at the end; a command such as `\\odot` is missing": "末尾只有一个反斜杠；后面缺少 `\\odot` 这样的命令",
    "`\\%1` has no meaning in a formula": "`\\%1` 在公式里没有意义",
    "`\\%1` is not a command": "`\\%1` 不是命令",
    "an invisible character (U+%1) stands here; delete it": "这里有一个看不见的字符（U+%1）；请删掉",
    "`%1` is not part of the math language; put prose outside the formula or into `\\text{…}`":
      "公式里不能有 `%1`；文字请写在公式外，或放进 `\\text{…}`",
    "the norms are `\\lVert x\\rVert`, `_2` and `_F`; this one is not read":
      "范数可以写 `\\lVert x\\rVert`、`_2` 和 `_F`；不支持这一种",
    "`\\sigma_{\\max}` is of a matrix in brackets: `\\sigma_{\\max}(U)`":
      "`\\sigma_{\\max}` 后面是括号里的矩阵：`\\sigma_{\\max}(U)`",
    "this “$$” is never closed: write “$$” after the formula": "这个“$$”没有结束；请在公式后面写上“$$”",
    "`%1` is no layout; there are denominator, numerator and mixed": "没有 `%1` 这种布局；可以写 denominator、numerator 或 mixed",
    "the front matter is never closed by `---`": "开头的设置没有用 `---` 结束",
    "a limit is one inequality, `a \\leq b`": "limit 是一个不等式，如 `a \\leq b`",
    "an answer is a name and its formula, such as `P = 4H(D+H+1)`; the name tells which of a learner's formulas is meant":
      "answer 由名字和公式组成，如 `P = 4H(D+H+1)`；学生写的哪个公式算数，要看名字",
    "`%1` stands on both sides; rename the quantity or the letter": "`%1` 同时在等号两边；请给这个量或这个字母改名",
    "the sheet's own answer does not earn this task: %1": "题目自己的答案也得不到这个任务的分：%1",
    "the sheet's own bound does not earn this task: %1": "题目自己的界也得不到这个任务的分：%1",
    "the goal `%1` stands here twice; keep one": "目标 `%1` 出现了两次；请只留一个",
    "the goal `%1` is given too, so there is nothing to derive": "目标 `%1` 同时也是已给的，没有需要推导的",
    "the goal `%1` is no derivative; write one such as `\\frac{\\partial L}{\\partial W}`":
      "目标 `%1` 不是导数；请写成如 `\\frac{\\partial L}{\\partial W}` 的导数",
    "`%1` is no quantity of the cell; there are %2": "`%1` 不是这个单元的量；单元里有 %2",
    "the goal `%1` has a value at no step": "目标 `%1` 在任何一步都没有值",
  ]

  private static let indices: [String: String] = [
    "the condition `%1` is not between steps; write one such as `t < T`, or put it into the text":
      "条件 `%1` 不是时间步之间的关系；请写成 `t < T` 这样的条件，或写在正文里",
    "this belongs in a formula of numbers; a derivation sums over steps": "这只用于数的公式；推导中的求和是对时间步的",
    "`%1` carries two indices; a derivation speaks of one sample and of whole vectors, so one step is all":
      "`%1` 带了两个下标；推导针对一个样本的整个向量，所以只带一个时间步",
    "`%1` carries no step; write `%2`": "`%1` 没有写时间步；请写 `%2`",
    "`%1` stands free on the right side only; is it missing on the left, or a sum over it?":
      "`%1` 只在右边自由出现；是左边漏了它，还是少了对它的求和？",
    "`%1` runs in a sum or product and stands free beside it: are brackets missing? Otherwise take another letter for one of them":
      "`%1` 既是求和或连乘的指标，又在外面自由出现：是不是少了括号？否则请给其中一个换个字母",
    "an index with a sign needs braces: `%1`": "带正负号的下标要加花括号：`%1`",
    "`%1%2` has two readings: write `%3` for the step, or `(%4) %5 %6` for the difference":
      "`%1%2` 有两种读法：表示时间步请写 `%3`，表示相减请写 `(%4) %5 %6`",
    "a second index behind a name; put both into one group": "一个名字后面有两处下标；请写在同一对花括号里",
    "`%1` has %2 indices; a name has four at most": "`%1` 有 %2 个下标；一个名字最多四个",
    "`%1` is neither a label nor a step": "`%1` 既不是标记也不是时间步",
    "`%1` may be each of %2; write the label below": "`%1` 可以是 %2 中的任何一个；请把标记写在右下角",
    "`%1` carries a time above and below; keep one (a derivation speaks of one sample, so there is no sample index)":
      "`%1` 上下都带时间步；请只留一个（推导针对一个样本，没有样本编号）",
    "`%1` carries more than two times": "`%1` 带的时间步多于两个",
    "`%1` needs the letter that runs: `%2_{t=1}^{T}`": "`%1` 要写明跑动的字母：`%2_{t=1}^{T}`",
    "%1 names the letter that runs": "要像 %1 那样写明跑动的字母",
    "`%1` runs already in the sum or product around this one; take another letter":
      "外层的求和或连乘已经用了 `%1`；请换一个字母",
    "the terms of this sum do not end at the same place; write them out": "这个求和的各项不在同一处结束；请把各项逐一写出来",
    "this range is not read; write the terms of the sum out": "读不懂这个范围；请把各项逐一写出来",
    "this range is not read; write %1": "读不懂这个范围；请写成 %1",
    "`%1` is no step: a bound is a letter, a number, or a letter with an offset":
      "`%1` 不是时间步：上下限应是字母、数，或字母加减一个数",
  ]

  private static let layers: [String: String] = [
    "this sheet has layers, so a superscript is the layer; write the step of `%1` below":
      "本题有多层，上标表示层；请把 `%1` 的时间步写在右下角",
    "`%1` carries a layer, but `%2` belongs to none": "`%1` 带了层号，但 `%2` 不属于任何一层",
    "`%1^{%2}` has two readings: write `(%3)^%4` for the power, or `%5` for layer %6":
      "`%1^{%2}` 有两种读法：乘方请写 `(%3)^%4`，第 %6 层请写 `%5`",
    "`%1` is the layer here and the same throughout a line; sums over layers are not read":
      "`%1` 在这里是层号，在一行之内不变；不支持对层求和",
    "there is no layer in which everything here is defined; the layers are 1 to %1":
      "没有哪一层能使这里的各项都有定义；层号从 1 到 %1",
  ]

  private static let limits: [String: String] = [
    "struck out; it does not count": "已划去，不计",
    "a supposition; it claims nothing": "这是假设，不作为论断",
    "this `~~` is never closed by another one, so nothing is struck out by it": "这个 `~~` 后面没有另一个 `~~`，所以没有划去任何内容",
    "this is nested too deep through its definitions; name fewer parts of parts":
      "定义一层套一层，套得太深了；请减少嵌套的命名",
    "more than four sums or products stand inside each other": "求和或连乘嵌套超过四层",
    "more than %1 lines of formulas; what follows was not read": "公式超过 %1 行；后面的没有读",
    "this formula has more than %1 parts when it is written out; name some of them": "这个式子展开后超过 %1 个部分；请给其中一些起名",
    "the text cannot be read": "无法读取文本",
    "this row states no equation; if it belongs to the next one, write both in one row":
      "这一行不是等式；如果它与下一行是同一个式子，请写在同一行",
    "this takes too much work to read; break it into shorter lines": "这一行读起来计算量过大；请拆成几行较短的式子",
    "from here on, what went wrong was not always sought to the end, which takes too much work; the verdicts stand. Mend the other lines, then check again":
      "从这里起，出错原因没有都查找完（计算量过大）；判定仍然有效。请先改正其他行，再检查一次",
    "a chain of more than %1 members is not tested; break it into several lines":
      "一串等式超过 %1 项，不作检验；请拆成几行",
    "more than %1 names are defined in this text; this one is not read": "这份推导定义的名字超过 %1 个；这一个没有读",
    "this math is longer than %1 bytes; split it into several blocks": "这段公式超过 %1 字节；请拆成几块",
    "this formula is nested or chained more than %1 deep; name its parts": "这个公式嵌套或连写超过 %1 层；请给各部分命名",
    "brackets are nested more than %1 deep; name the inner parts": "括号嵌套超过 %1 层；请给里面的部分命名",
  ]
}
