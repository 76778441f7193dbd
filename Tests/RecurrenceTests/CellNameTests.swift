// The name of a Swift type, made from the name of a cell for people.

import Recurrence
import Testing

@Suite struct CellNameTests {
  @Test(
    "a name for people: becomes the name of a Swift type",
    arguments: [
      ("LSTM", "LSTM"), ("minGRU", "MinGRU"), ("coRNN", "CoRNN"), ("sLSTM", "SLSTM"), ("xLSTM", "XLSTM"),
      ("peephole LSTM", "PeepholeLSTM"), ("bi-RNN", "BiRNN"), ("GRU 2.0", "GRU20"), ("3-gate cell", "Cell3GateCell"),
      ("门控循环单元", "门控循环单元"), ("S4D (diagonal)", "S4DDiagonal"), ("--", ""), ("élan", "Élan"),
    ])
  func typeName(_ title: String, _ name: String) { #expect(CellDeclaration.typeName(for: title) == name) }
}
