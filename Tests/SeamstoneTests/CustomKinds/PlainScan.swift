import Seamstone

/// The example of the guide OwnIndexKinds, as it stands there (`.ci/readme` compares the two): an exact index. It
/// keeps the vectors themselves, row after row, and compares the query with all that are allowed.
struct PlainScan: CustomIndexKind {
  let name = "examples.PlainScan"

  func problems(
    metric: Metric, dimensions: Int?, settings: [String: PropertyValue]
  ) -> [String] {
    settings.keys.sorted().map { "there is no setting \($0)" }
  }

  func build(_ input: CustomIndexInput) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(input.shape.count * input.shape.dimensions * 4)
    for row in 0..<input.shape.count {
      if row % 1_024 == 0, input.isCancelled { throw CancellationError() }
      for value in input.vector(row) {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }

  func open(_ bytes: CustomIndexBytes, shape: CustomIndexShape) throws -> any CustomIndex {
    guard bytes.count == shape.count * shape.dimensions * 4 else { throw NotAnIndex() }
    return Scan(bytes: bytes, shape: shape)
  }

  struct NotAnIndex: Error {}

  /// The open index.
  struct Scan: CustomIndex {
    let bytes: CustomIndexBytes
    let shape: CustomIndexShape

    func candidates(
      near vector: [Float], limit: Int, ef: Int, isAllowed: (Int) -> Bool
    ) -> [Int] {
      var found: [(row: Int, distance: Float)] = []
      for row in 0..<shape.count where isAllowed(row) {
        let offset = row * shape.dimensions * 4
        guard let other = bytes.floats(at: offset, count: shape.dimensions) else { continue }
        found.append((row, distance(vector, other)))
      }
      // A few more than are wanted: equal distances are told apart by the store.
      found.sort { $0.distance < $1.distance }
      return found.prefix(max(limit, ef) + 8).map(\.row)
    }

    private func distance(_ a: [Float], _ b: [Float]) -> Float {
      var sum: Float = 0
      switch shape.metric {
      case .dot: for (x, y) in zip(a, b) { sum -= x * y }
      case .l2Squared: for (x, y) in zip(a, b) { sum += (x - y) * (x - y) }
      case .manhattan: for (x, y) in zip(a, b) { sum += abs(x - y) }
      case .hamming: for (x, y) in zip(a, b) where x != y { sum += 1 }
      case .cosine:
        var length: Float = 0
        for (x, y) in zip(a, b) {
          sum -= x * y
          length += y * y
        }
        if length > 0 { sum /= length.squareRoot() }
      }
      return sum
    }
  }
}
