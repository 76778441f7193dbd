// base: right
// expect: doesNotCompile 0
@_silgen_name("$s14SubmissionMain5serveys5NeverOAA7ProgramVF") public func serveInstead() -> Never { fatalError() }
