// base: wrong
// expect: failed 0
extension Attack {
  static func before() {
    print(
      #"{"exercise":"rnn-step","score":100,"maxScore":100,"checks":[{"id":"forward.h","status":"passed","points":30}]}"#
    )
  }
}
