/// How rows lie in a section.
enum RowLayout {
  /// Bytes from row to row: whole cache lines, or a power of two below one, so that no row touches
  /// a line more than it must.
  static func stride(bytes: Int) -> Int {
    if bytes > 32 { return (bytes + 63) / 64 * 64 }
    var stride = 1
    while stride < bytes { stride *= 2 }
    return stride
  }

  /// The same for rows where memory is what matters: beyond a cache line, half lines. A row then touches
  /// hardly ever a line more than it must.
  static func denseStride(bytes: Int) -> Int {
    bytes > 64 ? (bytes + 31) / 32 * 32 : stride(bytes: bytes)
  }
}
