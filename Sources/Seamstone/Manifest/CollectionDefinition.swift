import JSONText
import ObjectStorage
import StorageIO

/// What the catalog keeps of a collection for good: its name and its configuration, as JSON.
struct CollectionDefinition: Codable, Sendable {
  var name: String
  var configuration: CollectionConfiguration

  func encoded() throws(StoreError) -> [UInt8] {
    do {
      return Array(try PropertyEncoder().encode(self).json.utf8)
    } catch {
      throw StoreError(
        .internalError, "The configuration of \"\(name)\" cannot be encoded", cause: "\(error)")
    }
  }

  init(name: String, configuration: CollectionConfiguration) {
    self.name = name
    self.configuration = configuration
  }

  init(decoding bytes: [UInt8], at location: StoreError.Location) throws(StoreError) {
    do {
      let value = try unsafe bytes.withRawBytes { (raw) throws(JSONError) in
        try unsafe PropertyValue(json: raw)
      }
      self = try PropertyDecoder().decode(CollectionDefinition.self, from: value)
    } catch {
      throw StoreError(
        .corruption, "A collection's definition cannot be read", at: location, cause: "\(error)",
        remedy: "It may come from a newer release; open the store with that one")
    }
  }
}
