// base: wrong
// expect: crashed 0
import Glibc
@section(".init_array") @used let first: @convention(c) () -> Void = { _exit(0) }
