// Work on trees that a stranger wrote, on a stack that is deep enough for the deepest tree that is accepted.

import Glibc

/// Runs a body on a thread of its own with a stack of 256 MiB, and waits for it.
///
/// The threads of Swift's tasks have half a MiB, which a formula within the limits of nesting can use up. Memory of a
/// stack that is not touched is not taken.
package func onLargeStack<Result>(_ body: () -> Result) -> Result {
  var result: Result?
  withoutActuallyEscaping({ result = body() }) { work in
    let box = Unmanaged.passRetained(ThreadBody(work))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 256 << 20)
    var thread = pthread_t()
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        if let argument { Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, box.toOpaque())
    guard code == 0 else { fatalError("no thread for reading formulas: \(String(cString: strerror(code)))") }
    pthread_join(thread, nil)
  }
  guard let result else { preconditionFailure("the thread has been joined, so the body has run") }
  return result
}

private final class ThreadBody {
  let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }
}
