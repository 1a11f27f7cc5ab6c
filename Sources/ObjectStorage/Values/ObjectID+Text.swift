import StorageIO

extension ObjectID: CustomStringConvertible, LosslessStringConvertible {
  /// The id that a text written by a person names, such as a command-line argument.
  ///
  /// A decimal number that fits is `.int`, a text in the form of a UUID (8-4-4-4-12 hexadecimal
  /// digits, either case) is `.uuid`, a text in double quotes is the string between them, and
  /// anything else is `.string`. `description` prints what this reads back as the same id.
  public init(text: String) {
    if let number = Int64(text), String(number) == text {
      self = .int(number)
    } else {
      self = ObjectID(jsonString: text)
    }
  }

  /// As ``init(text:)``.
  public init(_ description: String) { self.init(text: description) }

  /// Digits, the lower-case UUID, or the text; quoted where it would read back as something else.
  public var description: String {
    switch self {
    case .int(let number): String(number)
    case .uuid(let high, let low): ObjectID.uuidText(high: high, low: low)
    case .string(let text): ObjectID(text: text) == self ? text : "\"\(text)\""
    }
  }
}

extension ObjectID: Codable {
  /// Reads a number or a string; a string in the form of a UUID is a UUID.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int64.self) {
      self = .int(number)
      return
    }
    let id = ObjectID(jsonString: try container.decode(String.self))
    do {
      try id.validate()
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
    }
    self = id
  }

  /// Writes a number or a string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .int(let number): try container.encode(number)
    case .uuid(let high, let low): try container.encode(ObjectID.uuidText(high: high, low: low))
    case .string(let text):
      try container.encode(ObjectID(jsonString: text) == self ? text : "\"\(text)\"")
    }
  }
}

extension ObjectID {
  /// The id that a JSON string names: a UUID if it has that form, the inside of double quotes, or
  /// the string itself.
  package init(jsonString text: String) {
    if let id = ObjectID.parseUUID(text) {
      self = id
    } else if text.utf8.count >= 2, text.utf8.first == 0x22, text.utf8.last == 0x22 {
      self = .string(String(text.dropFirst().dropLast()))
    } else {
      self = .string(text)
    }
  }

  /// Reads 8-4-4-4-12 hexadecimal digits, or nil for any other text.
  package static func parseUUID(_ text: String) -> ObjectID? {
    guard text.utf8.count == 36 else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for (index, byte) in text.utf8.enumerated() {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        if byte != 0x2D { return nil }
        continue
      }
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: return nil
      }
      if index < 18 {
        high = high << 4 | UInt64(digit)
      } else {
        low = low << 4 | UInt64(digit)
      }
    }
    return .uuid(high: high, low: low)
  }

  private static func uuidText(high: UInt64, low: UInt64) -> String {
    var text = ""
    text.reserveCapacity(36)
    for (index, word) in [high, low].enumerated() {
      for digit in 0..<16 {
        let position = index * 16 + digit
        if position == 8 || position == 12 || position == 16 || position == 20 { text += "-" }
        text += String((word >> UInt64(60 - 4 * digit)) & 15, radix: 16)
      }
    }
    return text
  }
}
