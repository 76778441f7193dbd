// base: right
// expect: doesNotCompile 0
import Observation
@Observable final class Watched { var value = 1 }
