import Foundation
import VectorIndexes
import VectorMath

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Times the three ways to search a segment under a filter, each by itself, where the planner chooses one.
///
///     WalkBench --base FILE.bvecs --queries FILE.bvecs [--rows N] [--encodings int8,pq,rabitq,float32] [--efs 32,100,200]
///
/// Objects match a filter by chance, or because they are among those nearest to one vector of the data; queries are
/// then those closest to it, or those farthest from it. For each filter, way and beam: the median CPU time of a query,
/// and the recall@10 when the proposed candidates are compared by their originals, as the store does.
@main struct WalkBench {
  let data: WalkData
  let index: SegmentIndex
  let name: String
  /// Candidates that are compared by their originals; 0 stands for the beam.
  let depth: Int

  static func main() throws {
    let arguments = Arguments()
    let data = try WalkData(
      base: arguments.text("--base"), queries: arguments.text("--queries"),
      rows: Int(arguments.values["--rows"] ?? "") ?? 300_000)
    let efs = (arguments.values["--efs"] ?? "100").split(separator: ",").compactMap { Int($0) }
    print("| encoding | ef | filter | matches | scan | sweep | acorn | fastest |")
    print("|---|---|---|---|---|---|---|---|")
    var known: SegmentIndex?
    let encodings = arguments.values["--encodings"] ?? "int8,pq,rabitq,float32"
    for encoding in encodings.split(separator: ",").map(String.init) {
      let bench = try WalkBench(data, encoding, base: known)
      // The next encoding takes the graph over, unless it is one of floats.
      known = bench.index
      for ef in efs { bench.measureAll(ef: ef) }
    }
  }

  init(_ data: WalkData, _ encoding: String, base: SegmentIndex?) throws {
    self.data = data
    name = encoding
    let plans: [String: (EncodingPlan, Int)] = [
      "int8": (.int8, 14), "float32": (.float32, 10),
      "pq": (.pq(ProductPlan(subvectors: data.dimensions / 2)), 0),
      "rabitq": (.rabitq(bits: 4, seed: 1), 50),
    ]
    guard let (plan, depth) = plans[encoding] else {
      fatalError("there is no encoding \(encoding)")
    }
    self.depth = depth
    let builder = SegmentBuilder(
      kind: .hnsw(.init(m: 24, efConstruction: 200)), encoding: plan, metric: .l2Squared,
      dimensions: data.dimensions, interval: 1...UInt64(data.rows),
      threads: ProcessInfo.processInfo.activeProcessorCount)
    let sections = MemorySections()
    let built = try builder.build(from: data.source, base: base)
    try built.write(to: sections)
    index = try SegmentIndex(sections: sections.sections(header: built.header))
    try index.makeResident()
  }

  func measureAll(ef: Int) {
    let ordered = data.queriesByDistance
    let some = 60
    for permille in [1, 3, 10, 30, 100, 200, 300, 500, 990] {
      measure("by chance", data.byChance(permille), Array(data.queries.prefix(some)), permille, ef)
    }
    for permille in [1, 10, 100, 500, 990] {
      measure("where the query is", data.near(permille), Array(ordered.prefix(some)), permille, ef)
      measure("far from the query", data.near(permille), Array(ordered.suffix(some)), permille, ef)
    }
  }

  /// What this thread has computed so far: waiting for other processes does not count.
  private static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private enum Way: CaseIterable { case scan, sweep, acorn }

  private func measure(
    _ filter: String, _ allowed: [Bool], _ queries: [[Float]], _ permille: Int, _ ef: Int
  ) {
    let scratch = SearchScratch()
    let rows = (0..<data.rows).filter { allowed[$0] }.compactMap {
      index.ordinal(ofDocID: UInt64($0) + 1)
    }
    let search = SearchFilter(allowed: rows, rowCount: data.rows)
    let truths = queries.map { data.distances(to: $0, allowed: allowed) }
    var cells: [String] = []
    var best: (Way, Double)?
    for way in Way.allCases {
      var times: [Double] = []
      var found = 0
      var expected = 0
      for (query, truth) in zip(queries, truths) {
        let prepared = SegmentQuery(metric: .l2Squared, vector: query)
        let start = Self.threadSeconds()
        let candidates = run(way, prepared, search, ef, scratch)
        times.append((Self.threadSeconds() - start) * 1e6)
        let distances = candidates.map { data.distance(query, Int($0.docID) - 1) }.sorted()
        expected += truth.count
        if let last = truth.last { found += distances.prefix(10).filter { $0 <= last }.count }
      }
      times.sort()
      let median = times[times.count / 2]
      let recall = Double(found) / Double(max(1, expected))
      cells.append(String(format: "%.0f µs (%.3f)", median, recall))
      if recall >= 0.9, median < best?.1 ?? .infinity { best = (way, median) }
    }
    let fastest = best.map { "\($0.0)" } ?? "none"
    let start = [name, "\(ef)", filter, "\(Double(permille) / 10) %"]
    print("| " + (start + cells + [fastest]).joined(separator: " | ") + " |")
  }

  private func run(
    _ way: Way, _ query: SegmentQuery, _ filter: SearchFilter, _ ef: Int, _ scratch: SearchScratch
  ) -> [Candidate] {
    let limit = depth == 0 ? ef : depth
    return switch way {
    case .scan: index.scan(query, limit: limit, filter: filter, scratch: scratch)
    case .sweep: index.search(query, limit: limit, ef: ef, filter: filter, scratch: scratch)
    case .acorn: index.searchAllowed(query, limit: limit, ef: ef, filter: filter, scratch: scratch)
    }
  }
}
