import JSONText
import ObjectStorage
import StorageIO

/// What the catalog keeps of a collection for good: its name and its configuration, as JSON, and where it was
/// created from a class of Weaviate's, that class.
struct CollectionDefinition: Sendable {
  var name: String
  var configuration: CollectionConfiguration
  var weaviateClass: WeaviateClass?
  var refusal = WriteRefusal()
  var conversion = Conversion()
  /// How far an index is that is built once.
  var stage = IndexStage.loading

  /// The version of the members beside name and configuration; without a number there are only these two. It says
  /// nothing about the configuration: its reader refuses every name that it does not know.
  private static let version = 2
}

extension CollectionDefinition: Codable {
  private enum Key: String, CodingKey {
    case version, name, configuration, refusal, conversion, stage
    case weaviateClass = "class"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let version = try container.decodeIfPresent(Int.self, forKey: .version) ?? 1
    guard version <= CollectionDefinition.version else {
      throw StoreError(
        .formatTooNew,
        "A collection's definition has version \(version), this release reads \(Self.version)")
    }
    name = try container.decode(String.self, forKey: .name)
    configuration = try container.decode(CollectionConfiguration.self, forKey: .configuration)
    refusal = try container.decodeIfPresent(WriteRefusal.self, forKey: .refusal) ?? WriteRefusal()
    conversion = try container.decodeIfPresent(Conversion.self, forKey: .conversion) ?? Conversion()
    stage = try container.decodeIfPresent(IndexStage.self, forKey: .stage) ?? .loading
    if let members = try container.decodeIfPresent(
      [String: PropertyValue].self, forKey: .weaviateClass)
    {
      weaviateClass = try WeaviateClass(members, indexTypes: nil)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(configuration, forKey: .configuration)
    // What the first version can say is written as it was, so that releases that know no other read it.
    let isPlain =
      refusal == WriteRefusal() && conversion == Conversion() && stage == .loading
    guard weaviateClass != nil || !isPlain else { return }
    try container.encode(CollectionDefinition.version, forKey: .version)
    try container.encodeIfPresent(weaviateClass?.named, forKey: .weaviateClass)
    try container.encode(refusal, forKey: .refusal)
    if conversion != Conversion() { try container.encode(conversion, forKey: .conversion) }
    if stage != .loading { try container.encode(stage, forKey: .stage) }
  }
}

extension CollectionDefinition {
  func encoded() throws(StoreError) -> [UInt8] {
    do {
      return Array(try PropertyEncoder().encode(self).json.utf8)
    } catch {
      throw StoreError(
        .internalError, "The configuration of \"\(name)\" cannot be encoded", cause: "\(error)")
    }
  }

  init(decoding bytes: [UInt8], at location: StoreError.Location) throws(StoreError) {
    do {
      let value = try unsafe bytes.withRawBytes { (raw) throws(JSONError) in
        try unsafe PropertyValue(json: raw)
      }
      self = try PropertyDecoder().decode(CollectionDefinition.self, from: value)
    } catch let error as StoreError where error.code == .formatTooNew {
      throw StoreError(
        .formatTooNew, error.message, at: location,
        remedy: "Open the store with the release that wrote it")
    } catch {
      throw StoreError(
        .corruption, "A collection's definition cannot be read", at: location, cause: "\(error)",
        remedy: "It may come from a newer release; open the store with that one")
    }
  }
}
