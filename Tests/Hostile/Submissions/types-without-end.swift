// base: right
// expect: doesNotCompile 0
indirect enum A<T> { case a(A<A<T>>) }
struct B<T> { var b: B<B<T>> }
struct C<T: P> where T.Q == C<C<T>> { var c: T.Q }
protocol P { associatedtype Q }
