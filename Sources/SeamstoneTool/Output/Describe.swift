import JSONText
import Seamstone

/// Values of the store as short texts.
enum Describe {
  /// `flat` or `hnsw`.
  static func index(_ index: IndexConfiguration) -> String {
    switch index {
    case .flat: "flat"
    case .hnsw: "hnsw"
    }
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
