import ObjectStorage
import StorageIO

extension CollectionConfiguration {
  /// What is wrong with the names, as sentences.
  var vectorizerProblems: [String] {
    var problems: [String] = []
    if vectorizer == "" { problems.append("vectorizer is empty; it must be a name or \"none\"") }
    if vectorizer == nil, !vectorizerProperties.isEmpty {
      problems.append("vectorizerProperties go with a vectorizer, and there is none")
    }
    if vectorizerProperties.contains("") {
      problems.append("vectorizerProperties has an empty name")
    }
    if Set(vectorizerProperties).count < vectorizerProperties.count {
      problems.append("vectorizerProperties names a property twice")
    }
    return problems
  }

  /// Vectors made by another vectorizer, or of other texts, cannot be compared with those that are stored.
  func requireSameVectorizer(as wanted: CollectionConfiguration) throws(StoreError) {
    if vectorizer != wanted.vectorizer {
      throw StoreError.immutable(
        "vectorizer", from: "\"\(vectorizer ?? VectorizerName.none)\"",
        to: "\"\(wanted.vectorizer ?? VectorizerName.none)\"")
    }
    if vectorizerProperties != wanted.vectorizerProperties {
      throw StoreError.immutable(
        "vectorizerProperties", from: "\(vectorizerProperties)",
        to: "\(wanted.vectorizerProperties)")
    }
  }

  /// The text of an object that is vectorised: its texts and those in its lists, one on a line; empty if it has
  /// none that is not blank. Where no properties are named, dates and UUIDs are not taken for texts.
  func text(of properties: [String: PropertyValue]) -> String {
    var texts: [String] = []
    func collect(_ value: PropertyValue) {
      switch value {
      case .string(let text) where !text.allSatisfy(\.isWhitespace):
        let isCode = vectorizerProperties.isEmpty && CollectionConfiguration.isCode(text)
        if !isCode { texts.append(text) }
      case .array(let elements): for element in elements { collect(element) }
      default: break
      }
    }
    if vectorizerProperties.isEmpty {
      let sorted = properties.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (_, value) in sorted { collect(value) }
    }
    for name in vectorizerProperties {
      _ = PropertyPath(name).hasValue(in: properties, id: nil) { value in
        collect(value)
        return false
      }
    }
    return texts.joined(separator: "\n")
  }

  /// Whether a text is a date or a UUID, as these are stored.
  private static func isCode(_ text: String) -> Bool {
    Timestamp(text) != nil || ObjectID.parseUUID(text) != nil
  }
}
