import JSONText
import Seamstone

/// Values of the store as short texts.
enum Describe {
  /// The kind with its parameters.
  static func index(_ index: IndexConfiguration) -> String {
    switch index {
    case .flat: return index.name
    case .hnsw(let graph):
      return "\(index.name) (m \(graph.m), efConstruction \(graph.efConstruction))"
    case .annoy(let forest): return "\(index.name) (\(Format.plural(forest.trees, "tree")))"
    case .custom(let kind): return kind.name
    case .ivf(let lists):
      let count = lists.lists.map { "\($0) lists" } ?? "lists by the number of vectors"
      let probes = lists.probes.map { "\($0) probed" } ?? "usual probes"
      return "\(index.name) (\(count), \(probes))"
    case .hash(let buckets):
      let tables = buckets.tables == 1 ? "" : "\(buckets.tables) tables of "
      return "\(index.name) (\(tables)\(buckets.bits) bits, \(buckets.flips) flips)"
    }
  }

  /// How vectors are stored: what is done to them first, and the encoding.
  static func storage(_ encoding: VectorEncoding, _ transform: VectorTransform) -> String {
    transform == .none ? "\(encoding)" : "\(transform), \(encoding)"
  }

  /// A part of a configuration with all its values, as configurations write it.
  static func document(_ part: some Encodable) -> JSONDocument {
    (try? PropertyEncoder().encode(part)).map { .value($0) } ?? .null
  }

  /// The properties in one line.
  static func properties(_ properties: [String: PropertyValue]) -> String {
    if properties.isEmpty { return "" }
    return properties.sorted { $0.key < $1.key }
      .map { name, value in
        if case .string(let text) = value { return "\(name): \(oneLine(text))" }
        return "\(name): \(value.json)"
      }.joined(separator: "  ")
  }

  /// A text without line breaks and control characters.
  static func oneLine(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
  }
}
