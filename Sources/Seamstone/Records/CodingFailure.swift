/// Puts errors of `Codable` into words.
enum CodingFailure {
  /// The place and the reason.
  static func text(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      place(context.codingPath + [key]) + "the value is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      place(context.codingPath) + context.debugDescription
    case EncodingError.invalidValue(_, let context):
      place(context.codingPath) + context.debugDescription
    default: "\(error)"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    if path.isEmpty { return "" }
    var text = ""
    for key in path {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return text + ": "
  }
}
