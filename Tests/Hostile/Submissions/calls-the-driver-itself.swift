// base: wrong
// expect: doesNotCompile 0
import SubmissionMain
extension Attack { static func before() { SubmissionMain.serve(Program(counts: 0)) } }
