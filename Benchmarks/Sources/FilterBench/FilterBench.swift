import Foundation
import Seamstone

/// Measures searches with filters on indexed properties: recall@k and time per query, beside the exact scan
/// over the matching objects.
///
///     FilterBench --store NEW-DIRECTORY --base FILE --queries FILE [--dimensions D] [--metric M] [--ef N]
///       [--cutoff ROWS] [--strategy acorn|sweeping]
///
/// FILE is `.bvecs`, or raw float32 rows of D components. Every object has `chance`, drawn without regard to its
/// vector, and `near`, its rank by distance to one object of the data; both are whole numbers from 0 to 999, so
/// that `property < n` matches n objects in 1,000. Queries on `near` are those closest to the object
/// (the matches are where the query is) and those farthest from it (they are where it is not).
@main struct FilterBench {
  let base: [[Float]]
  let queries: [[Float]]
  let collection: Collection
  let ef: Int?

  static func main() throws {
    let arguments = try Arguments()
    let base = try arguments.vectors("--base")
    let queries = try arguments.vectors("--queries")
    let store = try Store.open(at: FilePath(try arguments.text("--store")))
    let name = arguments.values["--metric"] ?? "l2-squared"
    guard let metric = Metric(rawValue: name), let first = base.first else {
      throw BenchError("there is no metric \(name), or no vector")
    }
    let collection = try store.collection("bench", .init(dimensions: first.count, metric: metric))
    let bench = FilterBench(
      base: base, queries: queries, collection: collection, ef: arguments.number("--ef"))
    if try collection.count() == 0 { try bench.load() }
    var planning = FilterPlanning()
    planning.flatSearchCutoff = arguments.number("--cutoff") ?? planning.flatSearchCutoff
    planning.strategy =
      FilterPlanning.Strategy(rawValue: arguments.values["--strategy"] ?? "") ?? planning.strategy
    try collection.reconfigure(filtering: planning)
    try bench.measureAll()
    store.close()
  }

  /// Imports the objects and indexes both properties.
  func load() throws {
    let near = ranks(from: base[base.count / 2])
    let clock = ContinuousClock()
    var start = clock.now
    try collection.bulkLoad {
      for first in stride(from: 0, to: base.count, by: 1_000) {
        try collection.upsert(
          (first..<min(first + 1_000, base.count)).map { row in
            VectorObject(
              id: .int(Int64(row)), vector: base[row],
              properties: ["chance": .int(Int64(chance(row))), "near": .int(Int64(near[row]))])
          })
      }
    }
    print("loaded \(base.count) objects in \(seconds(clock.now - start)) s")
    start = clock.now
    try collection.createPropertyIndex("chance")
    try collection.createPropertyIndex("near")
    print("two property indexes in \(seconds(clock.now - start)) s")
  }

  func measureAll() throws {
    print("| filter | matches | first query | p50 | p99 | recall | exact scan p50 | speed |")
    print("|---|---|---|---|---|---|---|---|")
    let ordered = byDistance(queries, to: base[base.count / 2])
    let some = min(200, queries.count / 4)
    for permille in [1, 10, 50, 100, 200, 500, 990] {
      try measure("by chance", Field("chance") < permille, Array(queries.prefix(some)), permille)
    }
    for permille in [1, 10, 100, 500, 990] {
      try measure(
        "where the query is", Field("near") < permille, Array(ordered.prefix(some)), permille)
    }
    for permille in [1, 10, 100, 500, 990] {
      try measure(
        "far from the query", Field("near") < permille, Array(ordered.suffix(some)), permille)
    }
    try measure("none", nil, Array(queries.prefix(some)), 1_000)
  }

  private func measure(
    _ name: String, _ filter: Filter?, _ queries: [[Float]], _ permille: Int
  ) throws {
    let clock = ContinuousClock()
    let k = 10
    var start = clock.now
    _ = try collection.searchIDs(near: queries[0], limit: k, ef: ef, where: filter)
    let first = seconds(clock.now - start)
    var times: [Double] = []
    var exactTimes: [Double] = []
    var found = 0
    var expected = 0
    for query in queries {
      _ = try collection.searchIDs(near: query, limit: k, ef: ef, where: filter)
    }
    for query in queries {
      start = clock.now
      let hits = try collection.searchIDs(near: query, limit: k, ef: ef, where: filter)
      times.append(seconds(clock.now - start))
      start = clock.now
      let truth = try collection.searchIDs(near: query, limit: k, where: filter, exact: true)
      exactTimes.append(seconds(clock.now - start))
      guard let last = truth.last else { continue }
      expected += truth.count
      found += hits.filter { $0.distance <= last.distance }.count
    }
    times.sort()
    exactTimes.sort()
    let p50 = times[times.count / 2]
    let exact = exactTimes[exactTimes.count / 2]
    let cells = [
      name, "\(Double(permille) / 10) %", micro(first), micro(p50),
      micro(times[times.count * 99 / 100]),
      String(format: "%.4f", Double(found) / Double(max(expected, 1))), micro(exact),
      String(format: "%.1f×", exact / p50),
    ]
    print("| " + cells.joined(separator: " | ") + " |")
  }

  // MARK: - Properties

  private func chance(_ row: Int) -> Int {
    var word = UInt64(row) &* 0x9E37_79B9_7F4A_7C15
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    return Int((word ^ (word >> 31)) >> 11) % 1_000
  }

  private func ranks(from pivot: [Float]) -> [Int] {
    let distances = base.map { distance($0, pivot) }
    var ranks = [Int](repeating: 0, count: base.count)
    for (rank, row) in base.indices.sorted(by: { distances[$0] < distances[$1] }).enumerated() {
      ranks[row] = rank * 1_000 / base.count
    }
    return ranks
  }

  private func byDistance(_ vectors: [[Float]], to pivot: [Float]) -> [[Float]] {
    vectors.map { (distance($0, pivot), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float {
    var sum: Float = 0
    for index in a.indices { sum += (a[index] - b[index]) * (a[index] - b[index]) }
    return sum
  }

  private func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
  private func micro(_ seconds: Double) -> String { String(format: "%.0f µs", seconds * 1e6) }
}

/// The words of the command line.
struct Arguments {
  var values: [String: String] = [:]

  init() throws {
    let words = Array(CommandLine.arguments.dropFirst())
    for index in stride(from: 0, to: words.count - 1, by: 2) {
      values[words[index]] = words[index + 1]
    }
  }

  func text(_ name: String) throws -> String {
    guard let value = values[name] else { throw BenchError("\(name) is missing") }
    return value
  }

  func number(_ name: String) -> Int? { values[name].flatMap { Int($0) } }

  func vectors(_ name: String) throws -> [[Float]] {
    let path = try text(name)
    let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    if path.hasSuffix(".bvecs") {
      guard data.count > 4 else { throw BenchError("\(path) is empty") }
      let dimensions = Int(data[0]) | Int(data[1]) << 8
      return stride(from: 0, to: data.count - dimensions - 3, by: dimensions + 4).map { row in
        data[row + 4..<row + 4 + dimensions].map { Float($0) }
      }
    }
    guard let dimensions = number("--dimensions"), dimensions > 0 else {
      throw BenchError("--dimensions is missing")
    }
    let all = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    return stride(from: 0, through: all.count - dimensions, by: dimensions).map {
      Array(all[$0..<$0 + dimensions])
    }
  }
}

/// A wrong call of this program.
struct BenchError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
