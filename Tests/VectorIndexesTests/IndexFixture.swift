import SegmentFiles
import StorageIO
import TestSupport
import VectorIndexes
import VectorMath

/// Vectors, segments over them and the exact answers.
struct IndexFixture {
  let metric: Metric
  let dimensions: Int
  var docIDs: [UInt64]
  var values: [Float]

  /// Clustered vectors: 20 centres with some noise around them. DocIDs have gaps.
  init(_ metric: Metric, count: Int, dimensions: Int, seed: UInt64 = 7) {
    var generator = SeededGenerator(seed: seed)
    var values = [Float](repeating: 0, count: count * dimensions)
    let centres = (0..<20 * dimensions).map { _ in generator.gaussian() }
    for row in 0..<count {
      let centre = Int.random(in: 0..<20, using: &generator)
      for i in 0..<dimensions {
        let value = centres[centre * dimensions + i] + 0.5 * generator.gaussian()
        values[row * dimensions + i] = metric == .hamming ? (value * 2).rounded() : value
      }
    }
    self.init(
      metric, docIDs: (0..<UInt64(count)).map { 100 + $0 * 3 }, values: values,
      dimensions: dimensions)
  }

  init(_ metric: Metric, docIDs: [UInt64], values: [Float], dimensions: Int) {
    self.metric = metric
    self.dimensions = dimensions
    self.docIDs = docIDs
    self.values = values
  }

  var interval: ClosedRange<UInt64> { (docIDs.first ?? 1)...(docIDs.last ?? 1) }

  func vector(_ row: Int) -> [Float] {
    Array(values[row * dimensions..<(row + 1) * dimensions])
  }

  func source(vanished: Set<UInt64> = []) -> ArrayVectorSource {
    ArrayVectorSource(
      docIDs: docIDs, values: values, dimensions: dimensions, vanished: vanished)
  }

  func builder(
    _ kind: IndexKind, _ encoding: EncodingPlan, threads: Int = 1
  ) -> SegmentBuilder {
    SegmentBuilder(
      kind: kind, encoding: encoding, metric: metric, dimensions: dimensions, interval: interval,
      threads: threads)
  }

  /// Builds in memory and opens what was built.
  func index(
    _ kind: IndexKind, _ encoding: EncodingPlan, threads: Int = 1,
    base: SegmentIndex? = nil, vanished: Set<UInt64> = []
  ) throws -> SegmentIndex {
    let built = try builder(kind, encoding, threads: threads)
      .build(from: source(vanished: vanished), base: base)
    return try Self.open(built).index
  }

  static func open(_ built: BuiltSegment) throws -> (index: SegmentIndex, memory: MemorySections) {
    let memory = MemorySections()
    try built.write(to: memory)
    return (try SegmentIndex(sections: memory.sections(header: built.header)), memory)
  }

  /// All rows, nearest first, ties by DocID.
  func exact(_ query: [Float], limit: Int, where allowed: (UInt64) -> Bool = { _ in true })
    -> [Candidate]
  {
    let distance = ExactDistance(metric: metric, query: query)
    var all: [Candidate] = []
    values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for (row, docID) in docIDs.enumerated() where allowed(docID) {
        let row: UnsafePointer<Float> = base + row * dimensions
        all.append(
          Candidate(docID: docID, distance: distance.distance(to: row), isExact: true))
      }
    }
    return Array(all.sorted().prefix(limit))
  }

  /// The share of the exact answers' places that `found` fills with something as near.
  func recall(_ found: [Candidate], _ query: [Float], of exact: [Candidate]) -> Double {
    guard let last = exact.last else { return 1 }
    let distance = ExactDistance(metric: metric, query: query)
    let bar = last.distance + abs(last.distance) * 1e-5 + 1e-6
    let right = found.filter { candidate in
      guard let row = docIDs.firstIndex(of: candidate.docID) else { return false }
      return vector(row).withUnsafeBufferPointer { vector in
        vector.baseAddress.map { distance.distance(to: $0) <= bar } ?? false
      }
    }
    return Double(min(right.count, exact.count)) / Double(exact.count)
  }

  /// Queries near the data.
  func queries(_ count: Int, seed: UInt64 = 99) -> [[Float]] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      vector(Int.random(in: 0..<docIDs.count, using: &generator)).map {
        metric == .hamming ? $0 : $0 + 0.2 * generator.gaussian()
      }
    }
  }

  /// Mean recall of the k nearest over queries; candidates beyond k stand for the engine's margin.
  func meanRecall(
    _ index: SegmentIndex, k: Int = 10, margin: Int = 4, ef: Int = 100, queries: [[Float]],
    filter: SearchFilter? = nil, where allowed: (UInt64) -> Bool = { _ in true }
  ) -> Double {
    let scratch = SearchScratch()
    var sum = 0.0
    for query in queries {
      let found = index.search(
        SegmentQuery(metric: metric, vector: query), limit: k + margin, ef: ef, filter: filter,
        scratch: scratch)
      sum += recall(found, query, of: exact(query, limit: k, where: allowed))
    }
    return sum / Double(queries.count)
  }
}
