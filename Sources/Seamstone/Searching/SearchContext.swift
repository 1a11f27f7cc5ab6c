import StorageIO
import VectorIndexes

/// Memory that a search needs and the next search can use again.
@safe final class SearchContext {
  let scratch = SearchScratch()
  /// Keys of the tail rows being scanned.
  var keys: [UInt32] = []
  private var rows: UnsafeMutableRawPointer?
  private var rowCapacity = 0

  /// Room for that many bytes of originals, aligned for every element type.
  func originals(byteCount capacity: Int) -> UnsafeMutableRawPointer {
    if let rows = unsafe rows, rowCapacity >= capacity { return unsafe rows }
    unsafe rows?.deallocate()
    let fresh = UnsafeMutableRawPointer.allocate(byteCount: max(capacity, 1), alignment: 64)
    unsafe rows = unsafe fresh
    rowCapacity = capacity
    return unsafe fresh
  }

  deinit { unsafe rows?.deallocate() }
}

/// Search contexts at rest; as many as there were searches at the same time.
final class SearchContextPool: Sendable {
  // A context is used by whoever took it out, and by nobody else until it is put back.
  private struct Box: @unchecked Sendable { let context: SearchContext }
  private let idle = ConditionLock<[Box]>([])

  func withContext<Result, Failure: Error>(
    _ body: (SearchContext) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let box = idle.withLock { $0.popLast() } ?? Box(context: SearchContext())
    defer { idle.withLock { $0.append(box) } }
    return try body(box.context)
  }
}
