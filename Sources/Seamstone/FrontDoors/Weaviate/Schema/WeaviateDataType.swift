import ObjectStorage

/// What values a property of a Weaviate class may have.
public enum WeaviateDataType: String, CaseIterable, Hashable, Sendable {
  /// A text.
  case text
  /// A list of texts.
  case texts = "text[]"
  /// A whole number of 64 bits.
  case int
  /// A number, whole or not.
  case number
  /// True or false.
  case boolean
  /// A moment in the form of RFC 3339, `2024-05-01T12:30:00Z` for instance.
  case date
  /// A UUID, in the form of 8-4-4-4-12 hexadecimal digits.
  case uuid
  /// Named values.
  case object

  /// Types that the page's system has and this one does not.
  static let unsupported = [
    "string", "string[]", "int[]", "number[]", "boolean[]", "date[]", "uuid[]", "object[]", "blob",
    "geoCoordinates", "phoneNumber",
  ]

  /// What a value must be, in words.
  var expectation: String {
    switch self {
    case .text: "a text"
    case .texts: "a list of texts"
    case .int: "a whole number of 64 bits"
    case .number: "a number"
    case .boolean: "true or false"
    case .date: "a date such as \"2024-05-01T12:30:00Z\" (RFC 3339)"
    case .uuid: "a UUID such as \"00000000-0000-0000-0000-000000000001\""
    case .object: "an object"
    }
  }

  /// Whether a value is of this type. Null is of every type: there is no value.
  func accepts(_ value: PropertyValue) -> Bool {
    switch (self, value) {
    case (_, .null), (.text, .string), (.int, .int), (.number, .int), (.number, .double),
      (.boolean, .bool), (.object, .object):
      true
    case (.texts, .array(let elements)):
      elements.allSatisfy { if case .string = $0 { true } else { false } }
    case (.date, .string(let text)): Timestamp(text) != nil
    case (.uuid, .string(let text)): ObjectID.parseUUID(text) != nil
    default: false
    }
  }
}
