extension BinaryEncoding {
  /// The encoding as it is kept in a segment, little-endian: version 1 (2 bytes), metric code (2), dimensions
  /// (4), 1 with a centre or 0 (4), the centre's components (4 each) if there is one.
  package var bytes: [UInt8] {
    var writer = EncodingBytes()
    writer.append(1 | UInt32(metric.fileCode) << 16)
    writer.append(UInt32(clamping: dimensions))
    writer.append(center == nil ? 0 : 1)
    writer.append(center ?? [])
    return writer.bytes
  }

  /// Reads ``bytes``; `nil` unless they are an encoding of this metric and these dimensions that ``bytes``
  /// could have written.
  package init?(bytes: UnsafeRawBufferPointer, metric: Metric, dimensions: Int) {
    guard bytes.count >= 12, EncodingBytes.word(0, of: bytes) == 1 | UInt32(metric.fileCode) << 16,
      EncodingBytes.word(1, of: bytes) == UInt32(clamping: dimensions),
      EncodingBytes.word(2, of: bytes) <= 1
    else { return nil }
    let isCentered = EncodingBytes.word(2, of: bytes) == 1
    guard let center = EncodingBytes.floats(isCentered ? dimensions : 0, from: 3, of: bytes) else {
      return nil
    }
    self.init(metric: metric, dimensions: dimensions, center: isCentered ? center : nil)
  }
}
