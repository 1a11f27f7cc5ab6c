import CVectorKernels

/// Rows of a ``ProductQuantizer`` with at most 16 centroids, rearranged so that all of them are compared with
/// a query by a few instructions for 16 codes at a time (André, Kermarrec, Le Scouarnec 2015): half a byte
/// for each subvector.
///
/// Block after block of 32 rows; a block has 16 bytes for each subvector, byte i holding the code of row i in
/// its lower and of row i + 16 in its upper half. Subvectors are rounded up to a multiple of four, rows to
/// whole blocks, both with codes 0.
package struct FastScanBlocks: Sendable, Equatable {
  /// Rows of a block.
  package static let rowsPerBlock = Int(VK_SCAN_ROWS)
  /// The most centroids that half a byte can tell apart.
  package static let mostCentroids = Int(VK_SCAN_ENTRIES)

  /// The number of rows.
  package let count: Int
  /// The number of subvectors of each row.
  package let subvectors: Int
  /// The blocks.
  package let bytes: [UInt8]

  /// Subvectors as the kernels count them.
  static func padded(_ subvectors: Int) -> Int {
    let step = Int(VK_SCAN_STEP)
    return (subvectors + step - 1) / step * step
  }

  /// The bytes of a block.
  package static func blockBytes(subvectors: Int) -> Int {
    padded(subvectors) * Int(VK_SCAN_ENTRIES)
  }

  /// The number of blocks.
  package var blocks: Int { (count + Self.rowsPerBlock - 1) / Self.rowsPerBlock }

  /// Rearranges `count` rows, `stride` bytes apart; `nil` when the quantiser has more than 16 centroids. Of
  /// damaged codes the lower half is taken.
  package init?(
    quantizer: ProductQuantizer, rows: UnsafeRawPointer, stride: Int, count: Int
  ) {
    guard quantizer.centroids <= Self.mostCentroids, count >= 0 else { return nil }
    let subvectors = quantizer.subvectors
    let blockBytes = Self.blockBytes(subvectors: subvectors)
    let half = Self.rowsPerBlock / 2
    let blocks = (count + Self.rowsPerBlock - 1) / Self.rowsPerBlock
    var bytes = [UInt8](repeating: 0, count: blocks * blockBytes)
    bytes.withUnsafeMutableBufferPointer { bytes in
      for row in 0..<count {
        let (block, place) = row.quotientAndRemainder(dividingBy: Self.rowsPerBlock)
        let start = block * blockBytes + place % half
        let shift = place < half ? 0 : 4
        for subvector in 0..<subvectors {
          let code = rows.load(fromByteOffset: row * stride + subvector, as: UInt8.self) & 15
          bytes[start + subvector * half] |= code << shift
        }
      }
    }
    self.count = count
    self.subvectors = subvectors
    self.bytes = bytes
  }

  /// The distances of all rows, about; `nil` when the query was prepared for another number of subvectors.
  package func distances(of query: FastScanQuery) -> [Float]? {
    guard query.subvectors == subvectors else { return nil }
    var sums = [UInt32](repeating: 0, count: blocks * Self.rowsPerBlock)
    bytes.withUnsafeBytes { bytes in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let base = bytes.baseAddress, let target = sums.baseAddress else { return }
        query.scan(blocks: base, count: blocks, into: target)
      }
    }
    return sums.prefix(count).map(query.distance(ofSum:))
  }
}
