import ObjectStorage

/// Foundation's `Date`, which encodes itself as a number of seconds, and which the store keeps as it keeps
/// every date: as a text of RFC 3339, the one form that filters, Weaviate's `date` and other programs read.
///
/// The library does without Foundation, so the type is known by its name. That name is asked for only where a
/// value other than a number encoded itself as a number, or a text is wanted as something else.
enum FoundationDate {
  /// Where the type lives: in Foundation on Apple's systems, else in its essentials.
  private static let names: Set<String> = ["Foundation.Date", "FoundationEssentials.Date"]

  static func isDate(_ type: Any.Type) -> Bool { names.contains(String(reflecting: type)) }

  /// What is stored for a value that encoded itself as `encoded`.
  static func stored<Value: Encodable>(
    _ value: Value, encoded: PropertyValue, codingPath: [any CodingKey]
  ) throws -> PropertyValue {
    guard case .double(let seconds) = encoded, Value.self != Double.self, Value.self != Float.self,
      isDate(Value.self)
    else { return encoded }
    guard let moment = Timestamp(exactly: seconds) else {
      throw EncodingError.invalidValue(
        value,
        .init(codingPath: codingPath, debugDescription: "a date outside the years 0 to 9999"))
    }
    return .string(moment.description)
  }

  /// What a value of `type` is to decode itself from: the number for a date that is stored as a text; nil for
  /// anything else.
  static func decodable(
    _ type: Any.Type, from stored: PropertyValue, codingPath: [any CodingKey]
  ) throws -> PropertyValue? {
    guard case .string(let text) = stored, type != String.self, isDate(type) else { return nil }
    guard let moment = Timestamp(text) else {
      throw DecodingError.typeMismatch(
        type, .init(codingPath: codingPath, debugDescription: Timestamp.expectation(text)))
    }
    return .double(moment.timeIntervalSinceReferenceDate)
  }
}
