import StorageIO
import VectorMath

/// The rows of a flat segment of 16 centroids at most, once more in the blocks that a fast scan takes.
struct FastScanSection: Sendable {
  let quantizer: ProductQuantizer
  let blocks: MappedBytes
  let blockBytes: Int

  /// The quantiser of rows that are kept in blocks as well; `nil` for all others.
  static func quantizer(_ codec: RowCodec) -> ProductQuantizer? {
    guard let found = codec.stored as? ProductQuantizer,
      found.centroids <= FastScanBlocks.mostCentroids
    else { return nil }
    return found
  }

  /// `nil` for a segment without blocks, as other kinds are, and those of format 1.0.
  init?(_ sections: IndexSections, _ codec: RowCodec, count: Int, isFlat: Bool) throws(StoreError) {
    guard isFlat, let quantizer = Self.quantizer(codec), count > 0,
      sections.section(.blocks) != nil
    else { return nil }
    self.quantizer = quantizer
    blockBytes = FastScanBlocks.blockBytes(subvectors: quantizer.subvectors)
    let number = (count + FastScanBlocks.rowsPerBlock - 1) / FastScanBlocks.rowsPerBlock
    blocks = try sections.bytes(.blocks, bytes: number * blockBytes)
  }
}
