import StorageIO
import VectorMath

extension CodePoints {
  /// Adds the codes of a sample's first `limit` rows.
  mutating func append(_ sample: TrainingSample, _ space: CoarseSpace, limit: Int) {
    let encoder = CoarseSpace.Encoder(space)
    var row = [UInt8](repeating: 0, count: stride)
    sample.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for index in 0..<min(limit, sample.count) {
        append(base + index * sample.dimensions, encoder, &row)
      }
    }
  }

  /// Adds the codes of `limit` rows drawn from a source.
  mutating func append(
    _ source: any VectorSource, _ space: CoarseSpace, limit: Int, seed: UInt64,
    checkCancelled: () throws(StoreError) -> Void
  ) throws(StoreError) {
    let encoder = CoarseSpace.Encoder(space)
    var row = [UInt8](repeating: 0, count: stride)
    var codes: [UInt8] = []
    codes.reserveCapacity(min(limit, source.docIDs.count) * stride)
    try source.read(
      at: TrainingSample.draw(limit, of: source.docIDs.count, seed: seed),
      checkCancelled: checkCancelled,
      into: { vector in
        row.withUnsafeMutableBufferPointer { row in
          if let base = row.baseAddress { encoder.encode(vector, into: base) }
        }
        codes += row
      })
    self.codes += codes
  }

  private mutating func append(
    _ vector: UnsafeRawPointer, _ encoder: CoarseSpace.Encoder, _ row: inout [UInt8]
  ) {
    row.withUnsafeMutableBufferPointer { row in
      if let base = row.baseAddress { encoder.encode(vector, into: base) }
    }
    codes += row
  }

  /// Adds a point.
  mutating func append(_ point: ArraySlice<UInt8>) {
    codes += point
    codes.append(contentsOf: repeatElement(0, count: stride - point.count))
  }

  /// Puts the points in random order (Fisher and Yates).
  mutating func shuffle(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let (count, stride) = (count, stride)
    codes.withUnsafeMutableBufferPointer { codes in
      for index in Swift.stride(from: count - 1, to: 0, by: -1) {
        let other = random.below(index + 1)
        if other == index { continue }
        for byte in 0..<stride { codes.swapAt(index * stride + byte, other * stride + byte) }
      }
    }
  }

  /// The squared length of a point.
  func square(_ index: Int) -> Int64 {
    var sum: Int64 = 0
    for code in codes[index * stride..<(index + 1) * stride] { sum += Int64(code) * Int64(code) }
    return sum
  }
}
