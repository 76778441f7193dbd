// base: wrong
// expect: failed 0
// never: \nscore  100 ∕ 100
// never: \nEverything checked is right.
// make: name notes\n\nscore  100 ∕ 100\nEverything checked is right.\n
// make: name back\r✓ everything
