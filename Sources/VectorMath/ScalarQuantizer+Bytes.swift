extension ScalarQuantizer {
  /// The length of ``bytes``.
  package static let byteCount = 20

  /// The quantiser as it is kept in a segment, little-endian: metric code (2 bytes), flags (2; bit 0:
  /// clipping), dimensions (4), bits of `lowest` (4), bits of `step` (4), zero (4).
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    Self.append(UInt32(metric.fileCode) | (clipping ? 1 << 16 : 0), to: &bytes)
    Self.append(UInt32(clamping: dimensions), to: &bytes)
    Self.append(map.lowest.bitPattern, to: &bytes)
    Self.append(map.step.bitPattern, to: &bytes)
    Self.append(0, to: &bytes)
    return bytes
  }

  /// Reads ``bytes``; `nil` unless they are a quantiser that ``bytes`` could have written.
  package init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.byteCount else { return nil }
    let words = (0..<5).map { index in
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
    }
    let lowest = Float(bitPattern: words[2])
    let step = Float(bitPattern: words[3])
    guard let metric = Metric(fileCode: UInt16(truncatingIfNeeded: words[0])), metric != .hamming,
      words[0] >> 17 == 0, words[1] <= UInt32(Int32.max), words[4] == 0, lowest.isFinite,
      step.isFinite, AffineMap.steps.contains(Double(step))
    else { return nil }
    self.init(
      metric: metric, dimensions: Int(words[1]), map: AffineMap(lowest: lowest, step: step),
      clipping: words[0] >> 16 & 1 == 1)
  }

  private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
