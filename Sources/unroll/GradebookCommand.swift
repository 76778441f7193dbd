// unroll gradebook: the parts of a class together, and the grades out again.

import ArgumentParser
import Classroom
import Grading
import Reports

struct GradebookCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradebook", abstract: "Put gradebooks together, and take the grades out.",
    subcommands: [Merge.self, Export.self])

  struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take every grade of some gradebooks into one.",
      discussion: "Doing it twice changes nothing. What is read stays as it is.")

    @Argument(help: "The gradebooks to read.")
    var sources: [String]

    @Option(help: ArgumentHelp("The gradebook that takes them; made where it is missing.", valueName: "file"))
    var into: String

    func run() throws {
      let opened = try sources.map { path in
        if Output.isSameFile(path, into) { throw Failure("`\(path)` cannot be taken into itself") }
        return try Gradebook(at: path, isNewAllowed: false)
      }
      let target = try Gradebook(at: into)
      for (path, source) in zip(sources, opened) {
        let changed = try target.merge(source)
        Terminal.complain("\(path): \(changed) new")
      }
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the grade that counts for each submission.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
      case csv, json
    }

    @Argument(help: "The gradebook.")
    var gradebook: String

    @Option(help: ArgumentHelp("The exercise, where the gradebook has several.", valueName: "id"))
    var exercise: String?

    @Option(help: "How to write the grades; json has the whole reports.")
    var format = Format.csv

    @Option(help: ArgumentHelp("Write to this file.", valueName: "file"))
    var output: String?

    func run() throws {
      let book = try Gradebook(at: gradebook, isNewAllowed: false)
      let known = try book.exercises()
      guard let exercise = exercise ?? (known.count == 1 ? known[0] : nil), known.contains(exercise) else {
        let list = known.isEmpty ? "it has no grades yet" : "it has " + known.joined(separator: ", ")
        throw Failure(
          exercise.map { "`\(gradebook)` has no grades of `\($0)`; \(list)" }
            ?? "name the exercise in `\(gradebook)` with --exercise; \(list)")
      }
      let rules = try book.rules(exercise: exercise)
      guard rules.count < 2 else {
        let list = rules.sorted { $0.key < $1.key }.map { "\($0.value) by \($0.key)" }.joined(separator: "; ")
        throw Failure(
          "the grades of `\(exercise)` in `\(gradebook)` are not all by one grader, so they cannot be compared: \(list). "
            + "Grade the class again with --resume: it leaves alone what this version has graded")
      }
      let names = try book.submissions(exercise: exercise)
      let text =
        switch format {
        case .csv: try GradeTable.csv(of: names, in: book, exercise: exercise)
        case .json: try GradeTable.json(of: names, in: book, exercise: exercise)
        }
      try Output.write(Array(text.utf8), to: output)
    }
  }
}
