extension NibbleQuantizer {
  /// The quantiser as it is kept in a segment, little-endian: version 1 (2 bytes), metric code (2), dimensions
  /// (4), 1 with a centre or 0 (4), then the centre's components (4 each) if there is one, or for manhattan
  /// the 20 bytes of its ``ScalarQuantizer``.
  package var bytes: [UInt8] {
    var writer = EncodingBytes()
    writer.append(1 | UInt32(metric.fileCode) << 16)
    writer.append(UInt32(clamping: dimensions))
    switch reference {
    case .centered(let codes):
      writer.append(codes.center == nil ? 0 : 1)
      writer.append(codes.center ?? [])
      return writer.bytes
    case .mapped(let map, _):
      writer.append(0)
      return writer.bytes + map.bytes
    }
  }

  /// Reads ``bytes``; `nil` unless they are a quantiser of this metric and these dimensions that ``bytes``
  /// could have written.
  package init?(bytes: UnsafeRawBufferPointer, metric: Metric, dimensions: Int) {
    guard bytes.count >= 12, EncodingBytes.word(0, of: bytes) == 1 | UInt32(metric.fileCode) << 16,
      EncodingBytes.word(1, of: bytes) == UInt32(clamping: dimensions)
    else { return nil }
    let isCentered = EncodingBytes.word(2, of: bytes)
    if metric == .manhattan {
      guard isCentered == 0,
        let map = ScalarQuantizer(bytes: UnsafeRawBufferPointer(rebasing: bytes[12...])),
        map.dimensions == dimensions
      else { return nil }
      self.init(map: map)
      return
    }
    guard isCentered <= 1,
      let center = EncodingBytes.floats(
        isCentered == 1 ? dimensions : 0, from: 3, of: bytes)
    else { return nil }
    self.init(
      metric: metric, dimensions: dimensions, center: isCentered == 1 ? center : nil)
  }
}
