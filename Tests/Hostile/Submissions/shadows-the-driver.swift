// base: right
// expect: doesNotCompile 0
enum SubmissionMain { static func serve(_ program: Int) {} }
