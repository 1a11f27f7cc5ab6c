import ObjectStorage
import VectorMath

/// The `vectorIndexConfig` of the index type `dynamic`: flat until there are more vectors than a threshold.
/// Here that is decided for each segment.
struct WeaviateDynamic: Hashable, Sendable {
  var distance = Metric.cosine
  var threshold = 10_000
  var hnsw = WeaviateHNSW()
  var flat = WeaviateFlat()

  static let keys = ["distance", "threshold", "hnsw", "flat"]

  init() {}

  init(_ reader: SettingsReader) {
    distance = reader.distance(.cosine)
    threshold = reader.whole("threshold", threshold, in: 0...(1 << 31 - 1), rule: "0 to 2^31 - 1")
    hnsw = WeaviateHNSW(reader.reader("hnsw", known: WeaviateHNSW.keys), distance: distance)
    flat = WeaviateFlat(reader.reader("flat", known: WeaviateFlat.keys), distance: distance)
    if case .object(let vectors) = hnsw.kept["multivector"], vectors["enabled"] == .bool(true) {
      reader.problems.add("multi vector index is not supported for dynamic index")
    }
    for (name, other) in [("hnsw", hnsw.distance), ("flat", flat.distance)] where other != distance
    {
      reader.problems.add(
        "\(name).distance is \"\(other.rawValue)\", but distance is \"\(distance.rawValue)\"")
    }
  }

  var members: [String: PropertyValue] {
    // The distance is that of the whole; the parts do not repeat it.
    var (graph, small) = (hnsw.members, flat.members)
    graph.removeValue(forKey: "distance")
    small.removeValue(forKey: "distance")
    return [
      "distance": .string(distance.rawValue), "threshold": .int(Int64(threshold)),
      "hnsw": .object(graph), "flat": .object(small),
    ]
  }

  /// What is wrong with a change of this from `old`.
  func check(changedFrom old: WeaviateDynamic, _ problems: SettingsProblems) {
    problems.requireSame("distance", old.distance, distance) { $0.rawValue }
    hnsw.check(changedFrom: old.hnsw, problems)
    flat.check(changedFrom: old.flat, problems)
  }

  /// The graph asked for, and from how many vectors on.
  var graph: HNSWConfiguration {
    var graph = hnsw.graph
    graph.graphRows = threshold + 1
    return graph
  }

  /// Flat and large segments share one encoding: that of `hnsw`, or else that of `flat`.
  var encoding: VectorEncoding? { hnsw.compression.encoding ?? flat.encoding }

  mutating func adopt(_ graph: HNSWConfiguration, _ encoding: VectorEncoding) {
    hnsw.adopt(graph)
    if let rows = graph.graphRows { threshold = rows - 1 }
    guard encoding != self.encoding else { return }
    hnsw.compression.adopt(encoding)
    if hnsw.compression.encoding == nil { flat.adopt(encoding) }
  }

  /// What was said and has no effect.
  var notes: [String] {
    var notes = hnsw.notes.map { "hnsw: \($0)" } + flat.notes.map { "flat: \($0)" }
    if let own = flat.encoding, let used = hnsw.compression.encoding, own != used {
      notes.append(
        "flat: its compression has no effect: small and large segments are both stored as hnsw says"
      )
    }
    return notes
  }
}
