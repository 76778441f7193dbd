// What the equations of a cell can be refused for, in Chinese: each kind of sentence with the places of its arguments.

extension Message {
  /// Kinds of sentences about forward equations and what a sheet declares for them.
  static let chineseForwardPatterns: [String: String] = {
    var all = equations
    for table in [values, constants, declarations] { all.merge(table) { $1 } }
    return all
  }()

  /// Constants that take their size from what they meet, and sizes as numbers.
  private static let constants: [String: String] = [
    "the matrix of ones": "全 1 矩阵", "the sum of `I` and the matrix of ones": "`I` 与全 1 矩阵的和",
    "%1 has no size here; add it to a matrix, or multiply it with a vector or a matrix":
      "%1在这里没有确定的大小；请把它与矩阵相加，或与向量、矩阵相乘",
    "`N` counts the samples, and the equations of a cell are about one sample; leave it out":
      "`N` 是样本数，而单元的方程只说一个样本；请去掉它",
    "a vector of ones and a matrix stand on the two sides of an element-wise operation; write `\\mathbf 1\\mathbf 1^\\top` for a matrix of ones":
      "逐元素运算的一边是全 1 向量，另一边是矩阵；全 1 矩阵请写 `\\mathbf 1\\mathbf 1^\\top`",
    "a number and %1 cannot be added; write `\\mathbf 1\\mathbf 1^\\top` for a number in every entry":
      "数不能与%1相加；要给每个元素加同一个数请写 `\\mathbf 1\\mathbf 1^\\top`",
    "%1 is a matrix, and here it meets a vector; multiply it with the vector first":
      "%1是矩阵，而这里另一边是向量；请先把它与向量相乘",
    "`I` is square, and here it meets %1": "`I` 是方阵，而这里另一边是%1",
    "that is a matrix for each sample, which a cell cannot hold; multiply the vector with each of its terms":
      "这是每个样本各一个矩阵，单元中无法保存；请让向量分别与各项相乘",
    "two vectors of ones have no product; write `\\mathbf 1\\mathbf 1^\\top` for a matrix of ones":
      "两个全 1 向量不能这样相乘；全 1 矩阵请写 `\\mathbf 1\\mathbf 1^\\top`",
    "`\\mathbf 1^\\top \\mathbf 1` has no size here; write the letter of the size, such as `H`":
      "`\\mathbf 1^\\top \\mathbf 1` 在这里没有确定的大小；请写表示大小的字母，如 `H`",
    "%1 and %2: a matrix stands left of a column and right of a row": "%1与%2：矩阵应在列向量左边、行向量右边",
    "this product with a vector of ones has no size; `\\mathbf 1^\\top h` is the sum of the entries, `W \\mathbf 1` the sums of the rows":
      "与全 1 向量的这个乘积没有确定的大小；`\\mathbf 1^\\top h` 是各元素之和，`W \\mathbf 1` 是各行之和",
  ]

  private static let equations: [String: String] = [
    "an equation has a `=`; put prose math outside the forward block": "方程要有 `=`；只作说明的公式请放在 forward 块之外",
    "a forward equation has one `=`; keep one of its right sides, or give a part of it a name and a row of its own":
      "一个前向方程只有一个 `=`；请只留一个右边，或给其中一部分起名并另写一行",
    "an indicator is not read, because nothing learns through it; use `\\operatorname{relu}`, `\\max` or `\\sigma`":
      "不支持示性函数，因为梯度不能通过它；请用 `\\operatorname{relu}`、`\\max` 或 `\\sigma`",
    "there is no function `%1` here; make it of %2, as SiLU is `z \\odot \\sigma(z)`":
      "这里没有函数 `%1`；请用 %2 来表示，例如 SiLU 是 `z \\odot \\sigma(z)`",
    "`[…]_+` is not read; write `\\operatorname{relu}(…)`": "不支持 `[…]_+`；请写 `\\operatorname{relu}(…)`",
    "a product over steps or labels is not read in the equations of a cell; write its factors out, or keep it in a state":
      "单元的方程里不支持对时间步或标号求积；请写出各个因子，或把它保存在状态里",
    "in the equations of a cell a norm is written `\\sqrt{z_t^\\top z_t}`":
      "单元的方程里，范数请写成 `\\sqrt{z_t^\\top z_t}`",
    "an equation of a cell is the same at every step, so there are no cases; the states before the first step are given":
      "单元的方程在每一步都相同，所以不分情形；第一步之前的状态是给定的",
    "one side of this equation is empty": "这个方程有一边是空的",
    "a left side is a name, and this one is a power of it; give the power a name of its own, such as `v_t = …`":
      "左边应是一个名字，这里却是它的幂；请给这个幂另起名字，如 `v_t = …`",
    "`%1` is a function with an index; say in the front matter which one it is, as in `functions: {'%2': tanh}`":
      "`%1` 是带下标的函数；请在开头的设置里说明它是哪一个，如 `functions: {'%2': tanh}`",
    "an equation of a cell reaches back one step only, so a sum over steps is a state of its own: `s_t = s_{t-1} + …`":
      "单元的方程只能回看一步，所以对时间步求和要作为一个状态：`s_t = s_{t-1} + …`",
    "a sum over the entries of a vector is written with vectors: `\\mathbf 1^\\top v` adds them up, and `W v` adds up products":
      "对向量的元素求和请用向量来写：`\\mathbf 1^\\top v` 是各元素之和，`W v` 是乘积之和",
    "a left side is a name, or names between brackets": "左边应是一个名字，或方括号里的几个名字",
    "`%1` is not a name: %2": "`%1` 不是名字：%2",
    "`%1` carries a time; a declaration names the quantity without it": "`%1` 带了时间步；声明时请写不带时间步的名字",
    "`%1` stands on a left side; an equation defines a quantity at step t": "`%1` 在左边；方程定义的是第 t 步的量",
    "`%1` is defined twice; rename one of them": "`%1` 定义了两次；请给其中一个改名",
    "`%1` is given, so no equation may define it": "`%1` 是给定的量，不能用方程定义",
    "no equation defines `%1`; a forward block must": "没有方程定义 `%1`；forward 块中应当有",
    "`%1` is declared as %2, but its equation gives %3": "`%1` 声明为%2，但方程给出的是%3",
    "the parameter `%1` is declared but no equation uses it; use it or take it out":
      "声明了参数 `%1`，却没有方程用到它；请用上或删去",
    "the input `%1` is declared but no equation uses it; use it or take it out":
      "声明了输入 `%1`，却没有方程用到它；请用上或删去",
    "`%1` depends on itself within one step; one of the values must come from step t-1":
      "`%1` 在同一步内依赖自身；其中应有一个量来自第 t-1 步",
    "the right side is %1; it has no %2 equal parts for the left side": "右边是%1，不能平均分成左边的 %2 份",
    "`%1` is neither declared nor defined; %2": "`%1` 既没有声明也没有定义；%2",
    "declare it or define it in an equation": "请声明它，或用方程定义它",
    "known names like it: %1": "相近的名字有 %1",
    "`%1`: the equations of a cell speak of the steps t and t-1 only; what is needed later is kept in a state, such as `p_t = %2`":
      "`%1`：单元的方程只涉及第 t 步和第 t-1 步；以后还要用的量请保存在状态里，如 `p_t = %2`",
    "`%1`: an input is seen at its own step only; to keep it declare a state, define it by `p_t = %2` and write `p_{t-1}`":
      "`%1`：输入只在本步可见；要留到下一步，请声明一个状态，用 `p_t = %2` 定义它，再写 `p_{t-1}`",
    "`%1`: only a state reaches the next step; declare `%2` under `state:`":
      "`%1`：只有状态能传到下一步；请在 `state:` 下声明 `%2`",
    "this belongs in a derivation, not in the equations of a cell": "这只用于推导，不用于单元的方程",
    "a derivative of `%1` does not stand in a forward equation": "前向方程里不能有 `%1` 的导数",
    "the start defines states at time 0; write `%1`": "起点定义的是 0 时刻的状态；请写 `%1`",
    "a cell needs its equations in a ```` ```math forward ```` block":
      "单元的方程要写在 ```` ```math forward ```` 块里",
  ]

  private static let values: [String: String] = [
    "a vector of %1": "%1 维向量",
    "a matrix of %1×%2": "%1×%2 的矩阵",
    "`\\otimes` has several meanings; write `\\odot`, or set `otimes:` under `cell`":
      "`\\otimes` 有几种含义；请写 `\\odot`，或在 `cell` 下设置 `otimes:`",
    "a vector and a transposed vector stand on the two sides of an element-wise operation":
      "逐元素运算的一边是向量，另一边却是转置的向量",
    "vectors stand in one row or one column of a block": "块里的向量应排成一行或一列",
    "a block holds vectors or matrices, not both": "一个块里只能都是向量或都是矩阵",
    "%1 does not fit %2": "%1与%2不合",
    "a transposed vector stands alone here; only products have one": "这里单独出现了转置的向量；它只能出现在乘积里",
    "a diagonal matrix for each sample stands alone here; multiply it with a vector, or use `\\odot`":
      "这里单独出现了每个样本各一个的对角矩阵；请让它乘一个向量，或用 `\\odot`",
  ]

  private static let declarations: [String: String] = [
    "`%1` is declared twice": "`%1` 声明了两次",
    "`%1` and `%2` are one name, because fonts do not tell names apart; take another letter, an accent or an index":
      "`%1` 与 `%2` 是同一个名字，因为字体不区分名字；请换一个字母，或加上标记、下标",
    "`%1` and `%2` are both `%3` in Swift; rename one": "`%1` 和 `%2` 在 Swift 里都叫 `%3`；请给其中一个改名",
    "the constant `%1` is declared elsewhere too": "常数 `%1` 在别处也声明了",
    "`%1` is not a function of the math language": "数学语言里没有函数 `%1`",
    "the axis `%1` of `%2` is no size such as H, 4H or H+D; N, the batch, is added by itself":
      "`%2` 的轴 `%1` 不是 H、4H 或 H+D 这样的大小；批量 N 会自动加上",
    "the size `%1` of `%2` is not among `sizes:`; add it there": "`%2` 的大小 `%1` 不在 `sizes:` 中；请补上",
    "`%1` has two axes; inputs, states and outputs are vectors, the batch is added by itself":
      "`%1` 有两个轴；输入、状态和输出都是向量，批量会自动加上",
    "`%1` has more than two axes": "`%1` 的轴多于两个",
    "`layers` goes with states only: a layer hands its state up, so `%1` has no place":
      "`layers` 只与状态一起使用：每层向上传的是状态，所以没有 `%1` 的位置",
    "`layers` needs one input with a single letter for its size, which the layers above exchange for the state's":
      "`layers` 要求只有一个输入，且它的大小是单个字母，以便上面各层换成状态的大小",
    "`layers` needs a state that is a vector, which a layer hands up": "`layers` 要求有一个向量状态，由每层向上传",
    "`%1` cannot be told from a layer, which is written `^{l}`; rename it":
      "`%1` 与层号 `^{l}` 无法区分；请改名",
  ]
}
