import TestSupport
import Testing
import VectorMath

/// 4-bit codes of one map with finer halves.
@Suite struct NibbleTierTests {
  /// Rows of descriptors: bytes, most of them small.
  private static func bytes(_ count: Int, dimensions: Int, seed: UInt64) -> [[Float]] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      (0..<dimensions).map { _ in min(255, abs(random.gaussian() * 45).rounded(.down)) }
    }
  }

  /// Both halves of rows, and what they say about a query.
  private struct Tiers {
    let encoding: NibbleQuantizer
    var rows: [UInt8]
    var finer: [UInt8]
    var outcomes: [EncodeOutcome] = []
    let count: Int

    init(_ encoding: NibbleQuantizer, _ vectors: [[Float]]) {
      self.encoding = encoding
      count = vectors.count
      let (width, finerWidth) = (encoding.rowBytes, encoding.finerBytes)
      rows = [UInt8](repeating: 0, count: count * width)
      finer = [UInt8](repeating: 0, count: count * finerWidth)
      for (index, vector) in vectors.enumerated() {
        outcomes.append(
          rows.withUnsafeMutableBytes { rows in
            finer.withUnsafeMutableBytes { finer in
              guard let row = rows.baseAddress, let rest = finer.baseAddress else {
                return EncodeOutcome(clipped: true, exact: false)
              }
              return encoding.encode(
                vector, into: row + index * width, finer: rest + index * finerWidth)
            }
          })
      }
    }

    func measure(_ query: [Float]) -> (distances: [Float], isWhole: [Bool]) {
      var distances = [Float](repeating: .nan, count: count)
      var whole = [Bool](repeating: true, count: count)
      let exact = ExactDistance(metric: encoding.metric, query: query)
      rows.withUnsafeBytes { rows in
        finer.withUnsafeBytes { finer in
          guard let row = rows.baseAddress, let rest = finer.baseAddress else { return }
          let both = FinerRows(
            rows: row, stride: encoding.rowBytes, finer: rest, finerStride: encoding.finerBytes)
          (0..<UInt32(count)).map { $0 }.withUnsafeBufferPointer { ordinals in
            encoding.measure(both, ordinals, query: exact, into: &distances) { whole[$0] = $1 }
          }
        }
      }
      return (distances, whole)
    }
  }

  @Test("Both halves give bytes back, and exact distances", arguments: [7, 64, 129])
  func bytesAreExact(dimensions: Int) throws {
    let vectors = Self.bytes(300, dimensions: dimensions, seed: 3)
    let encoding = try #require(CodeData.tiered(vectors, .l2Squared))
    #expect(encoding.finerBytes == encoding.rowBytes && encoding.rowBytes == (dimensions + 1) / 2)
    let tiers = Tiers(encoding, vectors)
    let query = (0..<dimensions).map { Float($0 % 200) + 0.25 }
    let exact = ExactDistance(metric: .l2Squared, query: query)
    let (distances, isWhole) = tiers.measure(query)
    #expect(tiers.outcomes.allSatisfy { $0.exact })
    for (index, vector) in vectors.enumerated() {
      // Rows say of themselves when they may be clipped; the others are exact to the last bit.
      if isWhole[index] { #expect(distances[index] == exact.distance(to: vector)) }
      if !isWhole[index] { #expect(tiers.outcomes[index].clipped) }
    }
    #expect(isWhole.count { $0 } >= 290, "\(isWhole.count { $0 })")
  }

  @Test("Rows beyond the map are marked, or leave nothing exact")
  func whatLiesOutsideIsKnown() throws {
    var vectors = Self.bytes(200, dimensions: 40, seed: 5).map { $0.map { min($0, 120) } }
    let encoding = try #require(CodeData.tiered(vectors, .l2Squared))
    vectors = Array(vectors.prefix(4))
    vectors[1][7] = 255
    vectors[2][8] = -1
    vectors[3][9] = 20.5
    let tiers = Tiers(encoding, vectors)
    #expect(tiers.outcomes.map(\.exact) == [true, true, false, false])
    #expect(tiers.outcomes.map(\.clipped) == [false, true, false, false])
    let (_, isWhole) = tiers.measure(vectors[0])
    #expect(isWhole == [true, false, true, true])
  }

  @Test("Finer halves rank better than codes", arguments: [Metric.cosine, .l2Squared])
  func finerHalvesAreFiner(metric: Metric) throws {
    let vectors = CodeData.clustered(400, dimensions: 96, seed: 12)
    let encoding = try #require(CodeData.tiered(vectors, metric))
    #expect(encoding.finerBytes == 48)
    let tiers = Tiers(encoding, vectors)
    #expect(tiers.outcomes.allSatisfy { !$0.exact })
    let query = CodeData.clustered(401, dimensions: 96, seed: 12)[400]
    let exact = ExactDistance(metric: metric, query: query)
    let wanted = vectors.map { exact.distance(to: $0) }
    func error(_ found: [Float]) -> Float {
      zip(found, wanted).reduce(0) { $0 + abs($1.0 - $1.1) } / wanted.reduce(0, +)
    }
    let fine = error(tiers.measure(query).distances)
    let coarse = error(CodeRows(encoding, vectors).distances(query))
    #expect(fine < 0.015 && fine * 2 < coarse, "\(fine), \(coarse)")
  }

  @Test("Vectors of very different sizes, and dot products, keep a scale for each")
  func oneMapDoesNotServeAll() throws {
    let even = CodeData.clustered(300, dimensions: 32, seed: 6)
    #expect(CodeData.tiered(even, .l2Squared)?.finerBytes == 16)
    #expect(CodeData.tiered(even, .dot)?.finerBytes == 0)
    let uneven = even.enumerated().map { index, vector in
      vector.map { $0 * (index % 2 == 0 ? 0.001 : 1) }
    }
    #expect(CodeData.tiered(uneven, .l2Squared)?.finerBytes == 0)
    let equal = [[Float]](repeating: even[0], count: 20)
    #expect(CodeData.tiered(equal, .l2Squared) != nil)
    #expect(CodeData.tiered([[0, 0, 0]], .l2Squared) != nil)
  }

  @Test("Where bytes crowd, cells are narrow")
  func cellsFollowTheData() throws {
    // Half of the components are below 16: codes of even cells could not tell them apart.
    let small = Self.bytes(300, dimensions: 64, seed: 9).map { $0.map { ($0 / 6).rounded(.down) } }
    let encoding = try #require(CodeData.tiered(small, .l2Squared))
    let recall = CodeRows.recall(
      encoding, small,
      queries: Array(
        Self.bytes(20, dimensions: 64, seed: 10).map {
          $0.map { ($0 / 6).rounded(.down) }
        }), k: 10, limit: 14)
    #expect(recall > 0.97, "\(recall)")
  }
}
