import TestSupport
import Testing

@testable import VectorMath

@Suite struct ProductQuantizerTests {
  static let metrics: [Metric] = [.cosine, .dot, .l2Squared, .manhattan]

  @Test(
    "Subvectors are chosen by the dimensions",
    arguments: zip(
      [64, 100, 125, 128, 256, 384, 512, 768, 960, 1024, 1536, 2048, 3072, 4096],
      [32, 50, 125, 64, 64, 96, 128, 128, 160, 256, 256, 256, 384, 512]))
  func ladder(dimensions: Int, subvectors: Int) {
    #expect(ProductQuantizer.subvectors(auto: dimensions) == subvectors)
  }

  @Test func chosenSubvectorsAlwaysDivide() {
    for dimensions in 1...5000 {
      let subvectors = ProductQuantizer.subvectors(auto: dimensions)
      #expect(subvectors > 0 && dimensions % subvectors == 0)
    }
  }

  @Test func refusesWhatCannotWork() {
    let rows = clustered(20, dimensions: 6, seed: 50)
    func failure(
      _ subvectors: Int, _ centroids: Int, metric: Metric = .l2Squared,
      encoder: ProductEncoder = .kmeans
    ) -> ProductQuantizerFailure? {
      let result = trained(
        rows, metric, subvectors: subvectors, centroids: centroids, encoder: encoder)
      if case .failure(let failure) = result { return failure }
      return nil
    }
    #expect(failure(3, 16) == nil)
    #expect(failure(3, 20) == nil)
    #expect(failure(3, 21) == .samples(20, needed: 21))
    #expect(failure(3, 16, metric: .hamming) == .metric(.hamming))
    for subvectors in [-3, 0, 4, 5, 7, 12] {
      #expect(failure(subvectors, 16) == .subvectors(subvectors, dimensions: 6))
    }
    for centroids in [-1, 0, 1, 257, 65_536] {
      #expect(failure(3, centroids) == .centroids(centroids))
    }
    #expect(failure(3, 16, encoder: .tile(.normal)) == .tileSubvectors(3, dimensions: 6))
    #expect(failure(6, 12, encoder: .tile(.normal)) == .tileCentroids(12))
    #expect(failure(6, 16, encoder: .tile(.normal)) == nil)
    #expect(failure(6, 32, encoder: .tile(.normal)) == .samples(20, needed: 32))
  }

  /// Shapes of every kind that the kernels treat differently.
  static let shapes: [(dimensions: Int, subvectors: Int, centroids: Int)] = [
    (1, 1, 2), (2, 1, 7), (3, 3, 16), (5, 1, 17), (6, 3, 3), (12, 2, 32), (16, 4, 20), (16, 2, 33),
    (21, 3, 16), (24, 24, 40), (40, 5, 48), (63, 9, 5), (100, 50, 16), (130, 130, 16),
  ]

  @Test(
    "Keys are those of the distances to the decoded vectors, on every level", arguments: metrics,
    shapes)
  func keysOfDecodedVectors(
    metric: Metric, shape: (dimensions: Int, subvectors: Int, centroids: Int)
  ) throws {
    let rows = clustered(60, dimensions: shape.dimensions, seed: 51)
    let quantizer = try trained(
      rows, metric, subvectors: shape.subvectors, centroids: shape.centroids
    ).get()
    let query = rows[7].map { $0 * 1.1 - 0.05 }
    let codes = rows.map(quantizer.encoded)
    let keys = quantizer.keys(query, rows: codes.flatMap { $0 })
    let prepared =
      metric == .cosine
      ? query.withUnsafeBufferPointer { Normalization.normalized($0) } : query
    for (index, code) in codes.enumerated() {
      let decoded = quantizer.decoded(code)
      let distance = quantizer.withQuery(query) {
        quantizer.distance(ofKey: keys[index], query: $0)
      }
      var wanted = prepared.withUnsafeBufferPointer { query in
        query.baseAddress.map {
          Wide.distance(metric == .cosine ? .dot : metric, $0, decoded, decoded.count)
        } ?? 0
      }
      if metric == .cosine { wanted = max(0, 1 + wanted) }
      #expect(abs(Double(distance) - wanted) <= 1e-5 * max(1, abs(wanted)), "row \(index)")
    }
    for kernels in ProductKernels.levels {
      let same = quantizer.using(kernels)
      #expect(rows.map(same.encoded) == codes, "\(kernels.name)")
      #expect(same.keys(query, rows: codes.flatMap { $0 }) == keys, "\(kernels.name)")
    }
  }

  @Test func codesNameTheNearestCentroids() throws {
    let rows = clustered(80, dimensions: 12, seed: 52)
    let quantizer = try trained(rows, .l2Squared, subvectors: 4, centroids: 20).get()
    for row in rows {
      let codes = quantizer.encoded(row)
      for subvector in 0..<4 {
        let distances = (0..<20).map { centroid in
          (0..<3).reduce(Float(0)) { sum, position in
            let centre = quantizer.component(position, ofCentroid: centroid, subvector: subvector)
            let difference = row[subvector * 3 + position] - centre
            return sum + difference * difference
          }
        }
        let nearest = distances.indices.min { distances[$0] < distances[$1] }
        #expect(Int(codes[subvector]) == nearest)
      }
    }
  }

  @Test("Rows, vectors and queries may start anywhere", arguments: 1...3)
  func unalignedRows(offset: Int) throws {
    let rows = clustered(40, dimensions: 20, seed: 53)
    let quantizer = try trained(rows, .cosine, subvectors: 5).get()
    let codes = rows.map(quantizer.encoded)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 64)
    defer { memory.deallocate() }
    let stride = 7
    let vector = memory + 3000 + offset
    for (index, row) in rows.enumerated() {
      row.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { vector.copyMemory(from: base, byteCount: bytes.count) }
      }
      quantizer.encode(
        vector.assumingMemoryBound(to: Float.self), into: memory + offset + index * stride)
      let written = UnsafeRawBufferPointer(start: memory + offset + index * stride, count: 5)
      #expect(Array(written) == codes[index])
    }
    let ordinals: [UInt32] = [39, 0, 5, 5, 17, 2, 1]
    var keys = [UInt32](repeating: 0, count: ordinals.count)
    quantizer.withQuery(rows[3]) { query in
      quantizer.kernel.gather(
        query, memory + offset, stride, ordinals, ordinals.count, quantizer.kernelDimensions, &keys)
    }
    let all = quantizer.keys(rows[3], rows: codes.flatMap { $0 })
    #expect(keys == ordinals.map { all[Int($0)] })
  }

  @Test("The same samples and seed give the same bytes", arguments: metrics)
  func trainingIsDeterministic(metric: Metric) throws {
    let rows = clustered(300, dimensions: 24, seed: 54)
    let alone = try trained(rows, metric, subvectors: 6).get()
    let together = try trained(rows, metric, subvectors: 6, parallel: concurrentLoop).get()
    #expect(alone.bytes == together.bytes)
    #expect(try trained(rows, metric, subvectors: 6, seed: 2).get().bytes != alone.bytes)
  }

  @Test func lengthsPlayNoPartUnderCosine() throws {
    let rows = clustered(100, dimensions: 8, seed: 55)
    let scaled = rows.enumerated().map { index, row in
      row.map { $0 * (index % 2 == 0 ? 0x1p12 : 0x1p-100) }
    }
    let quantizer = try trained(rows, .cosine, subvectors: 4).get()
    let other = try trained(scaled, .cosine, subvectors: 4).get()
    #expect(zip(rows, scaled).allSatisfy { quantizer.encoded($0) == quantizer.encoded($1) })
    for (row, same) in zip(rows, scaled) {
      for (a, b) in zip(
        quantizer.decoded(quantizer.encoded(row)), other.decoded(other.encoded(same)))
      {
        #expect(abs(a - b) < 0.01)
      }
    }
  }

  @Test func moreSubvectorsLoseLess() throws {
    let rows = clustered(400, dimensions: 24, clusters: 400, seed: 56)
    let errors = try [1, 2, 4, 8, 24].map { subvectors in
      let quantizer = try trained(rows, .l2Squared, subvectors: subvectors, centroids: 32).get()
      return rows.reduce(0.0) { sum, row in
        let decoded = quantizer.decoded(quantizer.encoded(row))
        return sum + zip(row, decoded).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
      }
    }
    #expect(zip(errors, errors.dropFirst()).allSatisfy { $0 > $1 }, "\(errors)")
  }

  @Test("The best by codes are nearly the best", arguments: metrics)
  func recall(metric: Metric) throws {
    let seed: UInt64 = 57
    let rows = clustered(2000, dimensions: 32, clusters: 200, seed: seed)
    let quantizer = try trained(
      Array(rows.prefix(1000)), metric, subvectors: 16, centroids: 64, parallel: concurrentLoop
    ).get()
    let codes = rows.flatMap(quantizer.encoded)
    var random = SeededGenerator(seed: seed + 1)
    var found = 0
    for number in 0..<10 {
      let query = rows[number * 150].map { $0 + 0.1 * random.gaussian() }
      let exact = ExactDistance(metric: metric, query: query)
      let distances = rows.map { exact.distance(toRow: $0) }
      let keys = quantizer.keys(query, rows: codes)
      let best = rows.indices.sorted { distances[$0] < distances[$1] }.prefix(10)
      let candidates = Set(rows.indices.sorted { keys[$0] < keys[$1] }.prefix(100))
      found += best.count { candidates.contains($0) }
    }
    #expect(found >= 99, "\(found) of 100, seed \(seed)")
  }

  @Test func codesWithoutACentroidAreFarAway() throws {
    for metric in Self.metrics {
      let rows = clustered(30, dimensions: 8, seed: 58)
      let quantizer = try trained(rows, metric, subvectors: 4, centroids: 10).get()
      let good = quantizer.encoded(rows[0])
      for code in UInt8(10)...255 {
        var damaged = good
        damaged[2] = code
        let keys = quantizer.keys(rows[0], rows: good + damaged)
        #expect(keys[1] > keys[0])
        #expect(quantizer.distances(rows[0], rows: damaged)[0] == .greatestFiniteMagnitude)
      }
      #expect(quantizer.decoded([255, 0, 0, 0]).prefix(2) == [0, 0])
    }
  }

  @Test func hugeComponentsGiveFiniteDistances() throws {
    var rows = clustered(30, dimensions: 4, seed: 59)
    rows[0] = [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e30, 0]
    rows[1] = [.leastNonzeroMagnitude, 0, 0, 0]
    for metric in Self.metrics {
      let quantizer = try trained(rows, metric, subvectors: 2).get()
      let codes = rows.flatMap(quantizer.encoded)
      for query in rows.prefix(3) {
        #expect(quantizer.distances(query, rows: codes).allSatisfy { $0.isFinite }, "\(metric)")
      }
      #expect(quantizer.bytes == ProductQuantizer.restored(quantizer.bytes, metric, 4)?.bytes)
    }
  }

  @Test func precisionIsHalvedOnlyWhereNothingIsLost() throws {
    let rows = clustered(200, dimensions: 8, seed: 60)
    func isHalf(_ change: (Float) -> Float) throws -> Bool {
      try trained(rows.map { $0.map(change) }, .l2Squared, subvectors: 4).get().isHalfPrecision
    }
    #expect(try isHalf { $0 })
    #expect(try isHalf { $0 * 0.01 })
    #expect(try isHalf { ($0 * 50).rounded() })
    #expect(try !isHalf { $0 * 1e-7 })
    #expect(try !isHalf { $0 * 1e6 })
    #expect(try !isHalf { $0 + 5000 })
  }
}
