import ObjectStorage
import StorageIO

extension Filter: Codable {
  /// Reads the structure of ``init(whereJSON:)``.
  public init(from decoder: any Decoder) throws {
    let value = try PropertyValue(from: decoder)
    do {
      self = try Filter(whereValue: value)
    } catch {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: error.description))
    }
  }

  /// Writes the structure of ``whereJSON``.
  public func encode(to encoder: any Encoder) throws { try whereValue.encode(to: encoder) }
}
