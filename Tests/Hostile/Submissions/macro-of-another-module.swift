// base: right
// expect: doesNotCompile 0
@freestanding(expression) macro steal() -> String = #externalMacro(module: "StealMacros", type: "Steal")
let stolen = #steal()
