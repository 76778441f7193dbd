// unroll reference

import ArgumentParser
import Glibc
import Recurrence
import Sheets

struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference", abstract: "Compute a sheet's equations and their gradients on numbers of your own.",
    discussion: """
      A case is one JSON object. This one is for rnn-step, with one input feature, two units, one sample and two steps:

        {"parameters": {"Wx": [[1, 2]], "Wh": [[0.5, 0.1], [0, 0.3]], "b": [[0, 0]]},
         "inputs":     {"x": [[[1.5]], [[-0.5]]]},
         "initial":    {"h": [[0, 0]]},
         "upstream":   {"h": [null, [[1, 0]]]}}

      A matrix is a list of rows, and a row a list of numbers. It has the shape that the sheet gives it, and its \
      name is that in Interface.swift: W_f is Wf. Sizes are whatever the matrices have, if they agree with each other.

        parameters   every parameter of the sheet
        inputs       every input, a list with one matrix for each step
        initial      every state before the first step
        upstream     every output, a list with one matrix for each step

      There are as many steps as `inputs` has. `upstream` is the gradient of the loss that reaches an output from \
      outside the cell: null stands for zero, and so does an output that is left out.

      A number that is not finite is written "NaN", "Infinity" or "-Infinity", in quotes. A name that the sheet does \
      not have is told on standard error and ignored.

      The result is JSON, too: `outputs` has a list with one matrix for each step, and `gradients` one matrix for each \
      parameter, a list for each input, and for each state the gradient by its value before the first step. Numbers \
      are written so that they read back to the same double.

      `unroll plot --save-cases FOLDER` writes cases of this form.
      """)

  @Argument(help: "The id of an exercise, or the path of a sheet.")
  var exercise: String

  @Option(
    name: .customLong("case"),
    help: ArgumentHelp("The case as JSON in the form above; - for standard input.", valueName: "file"))
  var caseFile: String

  @OptionGroup var course: CourseOptions

  func run() throws {
    let sheet = try course.sheet(exercise)
    guard let cell = sheet.cell else { throw Failure("the sheet of \(sheet.id) has no cell") }
    let name = caseFile == "-" ? "standard input" : caseFile
    guard let bytes = Self.read(caseFile) else { throw Failure("`\(caseFile)` cannot be read; is the path right?") }
    do throws(CaseError) {
      let value = try CaseFile.read(bytes, for: cell) { key in
        Terminal.complain("\(name): \(key) is not a quantity of \(sheet.id); ignored")
      }
      let recurrence = Recurrence(cell, sizes: try cell.sizes(of: value))
      recurrence.forward(value)
      let gradients = recurrence.backward(value.upstream)
      Terminal.write(Array((CaseFile.text(of: recurrence.outputs(), gradients, for: cell) + "\n").utf8))
    } catch {
      throw Failure("\(name): \(error)")
    }
  }

  /// The bytes of a file, or of standard input; of what never ends one more than a case may have.
  private static func read(_ path: String) -> [UInt8]? {
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= CaseFile.sizeLimit {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }
}
