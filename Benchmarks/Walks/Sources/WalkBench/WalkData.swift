import Foundation
import VectorIndexes
import VectorMath

/// Vectors, queries, and which vectors match.
struct WalkData: Sendable {
  let dimensions: Int
  let rows: Int
  let values: [Float]
  let queries: [[Float]]
  /// Per row its rank by distance to the pivot, in thousandths.
  private let ranks: [Int]
  private let pivot: [Float]

  init(base: String, queries: String, rows: Int) throws {
    let all = try Self.read(base, atMost: rows)
    let first = all.first ?? []
    dimensions = first.count
    self.rows = all.count
    values = all.flatMap { $0 }
    self.queries = try Self.read(queries, atMost: 1_000)
    let pivot = all[all.count / 2]
    self.pivot = pivot
    let distances = all.map { Self.distance($0[...], pivot[...]) }
    var ranks = [Int](repeating: 0, count: all.count)
    for (rank, row) in all.indices.sorted(by: { distances[$0] < distances[$1] }).enumerated() {
      ranks[row] = rank * 1_000 / all.count
    }
    self.ranks = ranks
  }

  var source: ArrayVectorSource {
    ArrayVectorSource(
      docIDs: (1...UInt64(rows)).map { $0 }, values: values, dimensions: dimensions)
  }

  /// The queries, those closest to the pivot first.
  var queriesByDistance: [[Float]] {
    queries.map { (Self.distance($0[...], pivot[...]), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  func byChance(_ permille: Int) -> [Bool] {
    (0..<rows).map { row in
      var word = UInt64(row) &* 0x9E37_79B9_7F4A_7C15
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      return Int((word ^ (word >> 31)) >> 11) % 1_000 < permille
    }
  }

  func near(_ permille: Int) -> [Bool] { ranks.map { $0 < permille } }

  func distance(_ query: [Float], _ row: Int) -> Float {
    Self.distance(query[...], values[row * dimensions..<(row + 1) * dimensions])
  }

  /// The ten smallest distances among the rows that match.
  func distances(to query: [Float], allowed: [Bool]) -> [Float] {
    var best: [Float] = []
    let exact = ExactDistance(metric: .l2Squared, query: query)
    values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for row in 0..<rows where allowed[row] {
        let distance = exact.distance(to: base + row * dimensions)
        if best.count == 10, distance >= best[9] { continue }
        if best.count == 10 { best.removeLast() }
        best.insert(distance, at: best.firstIndex { $0 > distance } ?? best.endIndex)
      }
    }
    return best
  }

  private static func distance(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
    var sum: Float = 0
    for (x, y) in zip(a, b) { sum += (x - y) * (x - y) }
    return sum
  }

  private static func read(_ path: String, atMost rows: Int) throws -> [[Float]] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    let dimensions = Int(data[0]) | Int(data[1]) << 8
    return (0..<min(rows, data.count / (dimensions + 4))).map { row in
      let start = row * (dimensions + 4) + 4
      return data[start..<start + dimensions].map { Float($0) }
    }
  }
}

/// The words of the command line.
struct Arguments {
  var values: [String: String] = [:]

  init() {
    let words = Array(CommandLine.arguments.dropFirst())
    for index in stride(from: 0, to: words.count - 1, by: 2) {
      values[words[index]] = words[index + 1]
    }
  }

  func text(_ name: String) -> String {
    guard let value = values[name] else { fatalError("\(name) is missing") }
    return value
  }
}
