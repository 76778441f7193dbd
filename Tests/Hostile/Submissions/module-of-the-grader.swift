// base: right
// expect: doesNotCompile 0
@testable import Grading
import Recurrence
