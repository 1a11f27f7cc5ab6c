/// Rows that hang on a graph node because their codes are the same: those of node `i` are
/// `nodeCount + offsets[i] ..< nodeCount + offsets[i + 1]`.
struct DuplicateView: @unchecked Sendable {
  // Sendable: read-only memory.

  let offsets: UnsafePointer<UInt32>
  let nodeCount: Int
  let rowCount: Int

  /// The rows of one node, clipped to the segment whatever the offsets say.
  @inline(__always)
  func rows(of node: UInt32) -> Range<Int> {
    guard Int(node) < nodeCount else { return 0..<0 }
    let start = min(nodeCount &+ Int(offsets[Int(node)]), rowCount)
    let end = min(nodeCount &+ Int(offsets[Int(node) &+ 1]), rowCount)
    return start..<max(start, end)
  }
}
