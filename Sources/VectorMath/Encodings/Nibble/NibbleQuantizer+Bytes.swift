extension NibbleQuantizer {
  /// The quantiser as it is kept in a segment, little-endian: version 1 (2 bytes), metric code (2), dimensions
  /// (4), 1 with a centre or 0 (4), then the centre's components (4 each) if there is one, or for manhattan
  /// the 20 bytes of its ``ScalarQuantizer``.
  ///
  /// Version 2 is one map with finer halves (``NibbleTiers``): version, metric code, dimensions, 1 or 0 as above, lowest
  /// (4), step (4), the last place (4), the 16 cells' first places (1 each), their levels (1 each), then the centre.
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
    case .tiered(let tiers): return tiers.bytes
    }
  }

  /// Reads ``bytes``; `nil` unless they are a quantiser of this metric and these dimensions that ``bytes``
  /// could have written.
  package init?(bytes: UnsafeRawBufferPointer, metric: Metric, dimensions: Int) {
    if let tiers = NibbleTiers(bytes: bytes, metric: metric, dimensions: dimensions) {
      self.init(tiers: tiers)
      return
    }
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

extension NibbleTiers {
  private static let headWords = 6
  private static let fixedWords = headWords + 8

  var bytes: [UInt8] {
    var writer = EncodingBytes()
    writer.append(2 | UInt32(metric.fileCode) << 16)
    writer.append(UInt32(clamping: dimensions))
    writer.append(center == nil ? 0 : 1)
    writer.append([cells.lowest, cells.step])
    writer.append(UInt32(cells.top))
    var bytes = writer.bytes + cells.starts + cells.levels
    var last = EncodingBytes()
    last.append(center ?? [])
    bytes += last.bytes
    return bytes
  }

  /// Reads ``bytes``; `nil` unless they could have been written for this metric and these dimensions.
  init?(bytes: UnsafeRawBufferPointer, metric: Metric, dimensions: Int) {
    guard bytes.count >= Self.fixedWords * 4, metric == .cosine || metric == .l2Squared,
      dimensions > 0, EncodingBytes.word(0, of: bytes) == 2 | UInt32(metric.fileCode) << 16,
      EncodingBytes.word(1, of: bytes) == UInt32(clamping: dimensions),
      EncodingBytes.word(2, of: bytes) <= 1, EncodingBytes.word(5, of: bytes) <= 255
    else { return nil }
    let isCentered = EncodingBytes.word(2, of: bytes) == 1
    let tables = Self.headWords * 4
    guard
      let cells = NibbleCells(
        lowest: Float(bitPattern: EncodingBytes.word(3, of: bytes)),
        step: Float(bitPattern: EncodingBytes.word(4, of: bytes)),
        top: Int(EncodingBytes.word(5, of: bytes)),
        starts: Array(bytes[tables..<tables + NibbleCells.count]),
        levels: Array(bytes[tables + NibbleCells.count..<Self.fixedWords * 4])),
      let center = EncodingBytes.floats(
        isCentered ? dimensions : 0, from: Self.fixedWords, of: bytes)
    else { return nil }
    self.init(
      metric: metric, dimensions: dimensions, cells: cells, center: isCentered ? center : nil,
      kernels: .best)
  }
}
