import JSONText
import ObjectStorage

extension PropertyValue {
  /// What kind of value it is, for messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .int, .double: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The value itself where it is short, else its kind, for messages.
  var excerpt: String {
    switch self {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .int(let number): "\(number)"
    case .double(let number): "\(number)"
    case .string(let text): "the text \"\(JSONScanner.excerpt(text))\""
    case .array, .object: kind
    }
  }
}
