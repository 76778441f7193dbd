// base: right
// expect: crashed 0
@section(".interp") @used let loader: (UInt8, UInt8, UInt8) = (47, 120, 0)
