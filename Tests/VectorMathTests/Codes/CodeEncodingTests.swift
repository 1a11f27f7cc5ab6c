import TestSupport
import Testing
import VectorMath

/// What holds of every encoding by codes or float16.
@Suite struct CodeEncodingTests {
  enum Kind: CaseIterable, Sendable {
    case rabitq8, rabitq4, rabitq1, half, binary, nibble, tiered

    var metrics: [Metric] {
      switch self {
      case .rabitq8, .rabitq4, .rabitq1: RaBitQEncoding.metrics
      case .half: HalfEncoding.metrics
      case .binary: BinaryEncoding.metrics
      case .nibble: NibbleQuantizer.metrics
      case .tiered: [.cosine, .l2Squared]
      }
    }

    func encoding(
      _ metric: Metric, _ sample: [[Float]], level: Int = .max
    ) -> (any RowEncoding)? {
      let kernels = CodeKernels.level(level)
      let count = sample[0].count
      let center = CodeData.center(sample, metric)
      switch self {
      case .rabitq8, .rabitq4, .rabitq1:
        let bits = self == .rabitq8 ? 8 : self == .rabitq4 ? 4 : 1
        return RaBitQEncoding(
          metric: metric, dimensions: count, bits: bits, seed: 99, center: center,
          kernels: kernels)
      case .half: return HalfEncoding(metric: metric, dimensions: count, kernels: kernels)
      case .binary:
        return BinaryEncoding(
          metric: metric, dimensions: count, center: center, kernels: .level(level))
      case .tiered: return CodeData.tiered(sample, metric, kernels: kernels)
      case .nibble:
        guard metric == .manhattan else {
          return NibbleQuantizer(
            metric: metric, dimensions: count, center: center, kernels: kernels)
        }
        var calibrator = ScalarQuantizerCalibrator(metric: metric, dimensions: count)
        for vector in sample { calibrator.add(vector) }
        return NibbleQuantizer(map: calibrator.quantizer(), kernels: kernels)
      }
    }

    func restored(_ bytes: [UInt8], _ metric: Metric, _ dimensions: Int) -> (any RowEncoding)? {
      bytes.withUnsafeBytes { bytes in
        switch self {
        case .rabitq8, .rabitq4, .rabitq1:
          RaBitQEncoding(bytes: bytes, metric: metric, dimensions: dimensions)
        case .half: HalfEncoding(bytes: bytes, metric: metric, dimensions: dimensions)
        case .binary: BinaryEncoding(bytes: bytes, metric: metric, dimensions: dimensions)
        case .nibble, .tiered: NibbleQuantizer(bytes: bytes, metric: metric, dimensions: dimensions)
        }
      }
    }
  }
  static let kinds: [(kind: Kind, metric: Metric)] = Kind.allCases.flatMap { kind in
    kind.metrics.map { (kind, $0) }
  }

  @Test("Every level gives the rows and, of integers, the keys of the first", arguments: kinds)
  func levelsAgree(kind: Kind, metric: Metric) throws {
    for dimensions in Array(1...20) + [31, 33, 63, 64, 65, 127, 128, 130, 384, 769] {
      let vectors = CodeData.clustered(6, dimensions: dimensions, seed: UInt64(dimensions))
      let query = vectors[5].map { $0 * 0.7 + 0.1 }
      var expected: (rows: [UInt8], keys: [UInt32])?
      for level in CodeKernels.levels.indices {
        let encoding = try #require(kind.encoding(metric, vectors, level: level))
        let rows = CodeRows(encoding, vectors, padding: dimensions % 5)
        let keys = rows.keys(query)
        let ordinals: [UInt32] = [5, 1, 1, 0, 3, 4]
        let gathered = ordinals.map { keys[Int($0)] }
        #expect(rows.keys(query, ordinals: ordinals) == gathered)
        if let expected {
          #expect(rows.bytes == expected.rows, "\(dimensions) dimensions, level \(level)")
          if kind != .half { #expect(keys == expected.keys, "\(dimensions), level \(level)") }
        } else {
          expected = (rows.bytes, keys)
        }
      }
    }
  }

  @Test("Estimates come near the distances", arguments: kinds)
  func estimatesComeNear(kind: Kind, metric: Metric) throws {
    // Bits order and say little of distances.
    guard kind != .binary else { return }
    let vectors = CodeData.clustered(50, dimensions: 101, seed: 8)
    let encoding = try #require(kind.encoding(metric, vectors))
    let rows = CodeRows(encoding, vectors)
    let query = CodeData.clustered(60, dimensions: 101, seed: 8)[55]
    let exact = ExactDistance(metric: metric, query: query)
    let distances = vectors.map { exact.distance(to: $0) }
    // A dot product's error grows with the lengths, whatever the product is.
    let lengths = vectors.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let scale =
      metric == .dot
      ? lengths.reduce(0, +) / 50 * query.reduce(0) { $0 + $1 * $1 }.squareRoot()
      : distances.reduce(0, +) / 50
    let share: Float =
      switch kind {
      case .rabitq1: 0.15
      case .rabitq4, .nibble: 0.03
      case .tiered: 0.05
      default: 0.003
      }
    let errors = zip(rows.distances(query), distances).map { abs($0 - $1) }
    let mean = errors.reduce(0, +) / 50
    #expect(mean < share * scale, "\(mean / scale)")
  }

  @Test("Bytes come back; damaged ones are refused or make an encoding", arguments: kinds)
  func bytesAreValidated(kind: Kind, metric: Metric) throws {
    let vectors = CodeData.clustered(10, dimensions: 37, seed: 4)
    let encoding = try #require(kind.encoding(metric, vectors))
    let bytes = encoding.bytes
    let restored = try #require(kind.restored(bytes, metric, 37))
    #expect(restored.bytes == bytes)
    #expect(CodeRows(restored, vectors).bytes == CodeRows(encoding, vectors).bytes)
    #expect(
      CodeRows(restored, vectors).keys(vectors[3]) == CodeRows(encoding, vectors).keys(vectors[3]))
    #expect(kind.restored(bytes, metric, 36) == nil)
    #expect(kind.restored(bytes, metric, 38) == nil)
    #expect(kind.restored(bytes, .hamming, 37) == nil)
    for other in Metric.allCases where other != metric {
      #expect(kind.restored(bytes, other, 37) == nil)
    }
    for length in 0..<bytes.count {
      #expect(kind.restored(Array(bytes.prefix(length)), metric, 37) == nil)
    }
    #expect(kind.restored(bytes + [0], metric, 37) == nil)
    #expect(kind.restored(bytes + [0, 0, 0, 0], metric, 37) == nil)
    for index in bytes.indices {
      for bit in index < 24 ? 0..<8 : 6..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << UInt8(bit)
        guard let other = kind.restored(damaged, metric, 37) else { continue }
        #expect(other.bytes == damaged)
        // Whatever was read works without a trap.
        _ = CodeRows(other, Array(vectors.prefix(2))).distances(vectors[4])
      }
    }
  }

  @Test("Extreme vectors have keys that are no NaN", arguments: kinds)
  func extremesHaveKeys(kind: Kind, metric: Metric) throws {
    var random = SeededGenerator(seed: 12)
    for dimensions in [1, 2, 63, 65, 130] {
      let shape = (0..<dimensions).map { _ in random.gaussian() }
      let sizes: [Float] = [
        0, 1, 1e30, -1e30, 1e38, 1e-30, .leastNonzeroMagnitude * 70_000, 65_504, 70_000,
      ]
      let vectors = sizes.map { size in shape.map { max(-3e38, min(3e38, $0 * size)) } }
      for sample in [[vectors[1]], [vectors[2]], [vectors[6]], [vectors[0]]] {
        let encoding = try #require(kind.encoding(metric, sample))
        let rows = CodeRows(encoding, vectors, padding: 3)
        for query in vectors {
          #expect(rows.keys(query).allSatisfy { $0 != .max }, "\(dimensions) dimensions")
          #expect(rows.distances(query).allSatisfy { $0.isFinite }, "\(dimensions) dimensions")
        }
      }
    }
  }

  @Test("Damaged rows are compared without harm", arguments: kinds)
  func damagedRowsDoNoHarm(kind: Kind, metric: Metric) throws {
    let vectors = CodeData.clustered(5, dimensions: 50, seed: 14)
    let encoding = try #require(kind.encoding(metric, vectors))
    var rows = CodeRows(encoding, vectors)
    for index in rows.bytes.indices {
      rows.flip(index, 0xff)
      _ = rows.distances(vectors[0])
      rows.flip(index, 0xff)
    }
  }

  @Test("A zero vector is at cosine 1", arguments: [Kind.rabitq8, .rabitq4, .nibble, .half])
  func zeroIsAtOne(kind: Kind) throws {
    let vectors = CodeData.clustered(20, dimensions: 90, seed: 15)
    let zero = [Float](repeating: 0, count: 90)
    let encoding = try #require(kind.encoding(.cosine, vectors))
    for distance in CodeRows(encoding, [zero]).distances(vectors[0]) {
      #expect(abs(distance - 1) < 0.05)
    }
    for distance in CodeRows(encoding, vectors).distances(zero) {
      #expect(abs(distance - 1) < 0.05)
    }
  }

  @Test("Few candidates hold the nearest", arguments: [Kind.half, .nibble])
  func recallIsHigh(kind: Kind) throws {
    let all = CodeData.clustered(2010, dimensions: 97, seed: 42)
    let vectors = Array(all.dropLast(10))
    for metric in kind.metrics {
      let encoding = try #require(kind.encoding(metric, Array(vectors.prefix(500))))
      let recall = CodeRows.recall(
        encoding, vectors, queries: Array(all.suffix(10)), k: 10, limit: 30)
      #expect(recall >= 0.98, "\(metric): \(recall)")
    }
  }

  @Test func bitsFindTheNearestAmongMany() throws {
    let all = CodeData.clustered(3010, dimensions: 128, seed: 43)
    let vectors = Array(all.dropLast(10))
    for metric in BinaryEncoding.metrics where metric != .dot {
      let encoding = try #require(Kind.binary.encoding(metric, vectors))
      let recall = CodeRows.recall(
        encoding, vectors, queries: Array(all.suffix(10)), k: 10, limit: 200)
      #expect(recall >= 0.85, "\(metric): \(recall)")
    }
  }

  @Test func numbersBeyondHalvesAreClippedAndReported() throws {
    let encoding = try #require(HalfEncoding(metric: .l2Squared, dimensions: 2))
    #expect(!encoding.clips([65_504, -65_504]))
    #expect(encoding.clips([0, -65_505]))
    #expect(CodeRows(encoding, [[1e30, -7e4]]).distances([65_504, -65_504]) == [0])
    let cosine = try #require(HalfEncoding(metric: .cosine, dimensions: 2))
    #expect(!cosine.clips([1e30, 1]))
  }
}
