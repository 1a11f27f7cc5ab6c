/// Results that several threads write, each to places of its own.
final class ThreadResults<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>: @unchecked Sendable
{
  // Sendable: see above; read when the threads are done.
  let base: UnsafeMutablePointer<Value>
  let count: Int

  init(_ count: Int) {
    self.count = count
    base = .allocate(capacity: max(1, count))
    base.initialize(repeating: 0, count: count)
  }

  deinit { base.deallocate() }

  var array: [Value] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
