/// Runs a body for `0 ..< count` and returns when all are done, on as many threads as it likes and in any
/// order: this module starts no threads of its own. What uses one comes to the same result with all of
/// them.
package typealias ParallelLoop =
  (_ count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) -> Void

/// A ``ParallelLoop`` on the calling thread alone.
package func sequentialLoop(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  for index in 0..<max(0, count) { body(index) }
}
