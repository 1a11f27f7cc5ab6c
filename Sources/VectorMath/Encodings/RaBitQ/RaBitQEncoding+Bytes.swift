extension RaBitQEncoding {
  /// The words before the centre.
  private static let words = 5

  /// The encoding as it is kept in a segment, little-endian: version 1 (2 bytes), metric code (2), dimensions
  /// (4), bits (2), 1 with a centre or 0 (2), seed (8), the centre's components (4 each) if there is one.
  package var bytes: [UInt8] {
    var writer = EncodingBytes()
    writer.append(1 | UInt32(metric.fileCode) << 16)
    writer.append(UInt32(clamping: dimensions))
    writer.append(UInt32(bits) | (center == nil ? 0 : 1 << 16))
    writer.append(UInt32(truncatingIfNeeded: seed))
    writer.append(UInt32(truncatingIfNeeded: seed >> 32))
    writer.append(center ?? [])
    return writer.bytes
  }

  /// Reads ``bytes``; `nil` unless they are an encoding of this metric and these dimensions that ``bytes``
  /// could have written.
  package init?(bytes: UnsafeRawBufferPointer, metric: Metric, dimensions: Int) {
    guard bytes.count >= Self.words * 4,
      EncodingBytes.word(0, of: bytes) == 1 | UInt32(metric.fileCode) << 16,
      EncodingBytes.word(1, of: bytes) == UInt32(clamping: dimensions)
    else { return nil }
    let shape = EncodingBytes.word(2, of: bytes)
    guard shape >> 17 == 0 else { return nil }
    let isCentered = shape >> 16 == 1
    guard
      let center = EncodingBytes.floats(
        isCentered ? dimensions : 0, from: Self.words, of: bytes)
    else { return nil }
    let low = UInt64(EncodingBytes.word(3, of: bytes))
    let high = UInt64(EncodingBytes.word(4, of: bytes))
    self.init(
      metric: metric, dimensions: dimensions, bits: Int(shape & 0xffff), seed: low | high << 32,
      center: isCentered ? center : nil)
  }
}
