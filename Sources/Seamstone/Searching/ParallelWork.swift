import StorageIO

/// Runs the same work on several threads of the store's own and waits for all of them. The workers share
/// what there is to do, so that fewer threads than asked for do it as well.
enum ParallelWork {
  static func run(
    count: Int, _ body: @escaping @Sendable (Int) -> Void
  ) {
    var threads: [PosixThread] = []
    // The calling thread is one of the workers.
    for worker in 1..<max(count, 1) {
      guard
        let thread = try? PosixThread.start(
          name: "seam-query-\(worker)", stackSize: 1 << 20, { body(worker) })
      else { break }
      threads.append(thread)
    }
    body(0)
    for thread in threads { thread.join() }
  }
}
