import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Runs the same loop on several threads. Threads are made for each region: regions last
/// milliseconds, a thread takes microseconds.
struct ThreadTeam: Sendable {
  /// Number of threads, the caller's included.
  let count: Int

  init(count: Int) { self.count = max(1, min(count, 256)) }

  /// Splits `0 ..< total` into chunks that the threads take as they come free. Which thread runs
  /// which chunk is left to chance, so results must not depend on it.
  func forEachChunk(
    of total: Int, size: Int, _ body: @escaping @Sendable (_ worker: Int, Range<Int>) -> Void
  ) {
    guard total > 0 else { return }
    let chunk = max(1, size)
    let workers = min(count, (total + chunk - 1) / chunk)
    let shared = Region(total: total, chunk: chunk, body: body)
    var threads: [pthread_t] = []
    for worker in 1..<max(workers, 1) {
      if let thread = Self.start({ shared.run(worker: worker) }) { threads.append(thread) }
    }
    // A thread that could not be made is no failure: the others take its chunks.
    shared.run(worker: 0)
    for thread in threads { pthread_join(thread, nil) }
  }

  private static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    let box = Unmanaged.passRetained(Body(run: body))
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(&thread, nil, { threadMain($0) }, box.toOpaque())
    #else
      var thread = pthread_t()
      let status = pthread_create(&thread, nil, { threadMain($0) }, box.toOpaque())
    #endif
    if status != 0 {
      box.release()
      return nil
    }
    return thread
  }
}

private final class Body: Sendable {
  let run: @Sendable () -> Void
  init(run: @escaping @Sendable () -> Void) { self.run = run }
}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
  return nil
}

private final class Region: Sendable {
  let next = Atomic<Int>(0)
  let total: Int
  let chunk: Int
  let body: @Sendable (Int, Range<Int>) -> Void

  init(total: Int, chunk: Int, body: @escaping @Sendable (Int, Range<Int>) -> Void) {
    self.total = total
    self.chunk = chunk
    self.body = body
  }

  func run(worker: Int) {
    while true {
      let start = next.add(chunk, ordering: .relaxed).oldValue
      if start >= total { return }
      body(worker, start..<min(start + chunk, total))
    }
  }
}
