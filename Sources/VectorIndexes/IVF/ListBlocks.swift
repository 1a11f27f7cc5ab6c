import StorageIO
import VectorMath

/// The rows of inverted lists once more in the blocks that a fast scan takes; each list begins a block.
struct ListBlocks: Sendable {
  let quantizer: ProductQuantizer
  let bytes: MappedBytes
  let blockBytes: Int

  /// `nil` for rows that are not kept in blocks. `count` blocks are needed.
  init?(_ sections: IndexSections, _ codec: RowCodec, count: Int) throws(StoreError) {
    guard let quantizer = FastScanSection.quantizer(codec) else { return nil }
    self.quantizer = quantizer
    blockBytes = FastScanBlocks.blockBytes(subvectors: quantizer.subvectors)
    bytes = try sections.bytes(.blocks, bytes: count * blockBytes)
  }

  /// The blocks from one on; `nil` where there are not so many.
  func address(block: Int, count: Int) -> UnsafeRawPointer? {
    guard block >= 0, block + count <= bytes.count / blockBytes else { return nil }
    return bytes.base + block * blockBytes
  }
}
