/// How the bytes of one original are cut into values.
///
/// LMDB puts a value of more than about half a page on pages of its own, and two values of 1,536
/// bytes leave a quarter of a page empty. So originals are cut into equal parts of a size of which a
/// whole number nearly fills a page: at most 15 % are lost for the usual dimensions, where one value
/// per vector loses 33 to 100 %. The cut is part of the format: it follows from the size of the original
/// and of the file's pages alone.
package struct VectorLayout: Sendable, Equatable {
  /// Bytes of one original.
  package let byteCount: Int
  /// How many parts it is stored in, 1 to 256.
  package let partCount: Int
  /// Payload bytes of every part but the last, a multiple of four.
  package let partSize: Int

  /// Bytes that a page, an entry of a page and a leaf node take (`mdb.c`: PAGEHDRSZ, indx_t, NODESIZE
  /// with an eight-byte key).
  private static let pageHeader = 16
  private static let nodeOverhead = 2 + 8 + 8

  /// The most bytes that an original may have: 256 parts of the largest inline size.
  package static let maximumByteCount = 256 * 2000

  /// Chooses the fewest parts that cost at most 1.15 times the original, or else the cheapest.
  package init(byteCount: Int, pageSize: Int) {
    self.byteCount = max(1, min(byteCount, VectorLayout.maximumByteCount))
    var best = (parts: 1, size: VectorLayout.size(self.byteCount, 1), cost: Double.infinity)
    for parts in 1...256 {
      let size = VectorLayout.size(self.byteCount, parts)
      if (parts - 1) * size >= self.byteCount { break }
      let cost = VectorLayout.cost(parts: parts, size: size, pageSize: pageSize)
      if cost < best.cost { best = (parts, size, cost) }
      if cost <= 1.15 * Double(self.byteCount) { break }
    }
    partCount = best.parts
    partSize = best.size
  }

  /// Bytes of the part with this index.
  package func size(ofPart part: Int) -> Int { min(partSize, byteCount - part * partSize) }

  private static func size(_ byteCount: Int, _ parts: Int) -> Int {
    let even = (byteCount + parts - 1) / parts
    return (even + 3) / 4 * 4
  }

  /// Bytes of leaf pages that one original takes.
  private static func cost(parts: Int, size: Int, pageSize: Int) -> Double {
    let usable = pageSize - pageHeader
    let value = size + Table.checksumSize
    // Above this LMDB moves a value to pages of its own. One such page may be full; runs of several
    // are avoided, because a fragmented free list has none.
    let largestInline = (usable / 2) / 2 * 2 - 2 - 16
    if value > largestInline {
      guard value <= usable else { return .infinity }
      return Double(parts) * Double(pageSize + nodeOverhead + 8)
    }
    let node = nodeOverhead + (value + 1) / 2 * 2
    return Double(parts) * Double(pageSize) / Double(usable / node)
  }
}
