extension JSONScanner {
  /// Reads a string.
  package mutating func readString() throws(JSONError) -> String {
    try expect(UInt8(ascii: "\""))
    let start = position
    while unsafe position < bytes.count {
      let byte = unsafe bytes[position]
      if byte == UInt8(ascii: "\"") {
        let text = try decodeUTF8(from: start, to: position)
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try readEscapedString(from: start) }
      if byte < 0x20 { throw error("a control character in a string must be escaped") }
      position += 1
    }
    throw error("a string without its closing quote", at: start - 1)
  }

  /// Goes on with a string in which the first escape was found at the present position.
  private mutating func readEscapedString(from start: Int) throws(JSONError) -> String {
    var utf8 = unsafe [UInt8](bytes[start..<position])
    while unsafe position < bytes.count {
      let byte = unsafe bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: utf8, as: UTF8.self) else {
          throw error("a string is not valid UTF-8", at: start)
        }
        return text
      case UInt8(ascii: "\\"): try readEscape(into: &utf8)
      case 0..<0x20:
        throw error("a control character in a string must be escaped", at: position - 1)
      default: utf8.append(byte)
      }
    }
    throw error("a string without its closing quote", at: start - 1)
  }

  /// Reads what follows a backslash.
  private mutating func readEscape(into utf8: inout [UInt8]) throws(JSONError) {
    guard unsafe position < bytes.count else { throw error("a string ends in a backslash") }
    let byte = unsafe bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): utf8.append(byte)
    case UInt8(ascii: "b"): utf8.append(0x08)
    case UInt8(ascii: "f"): utf8.append(0x0C)
    case UInt8(ascii: "n"): utf8.append(0x0A)
    case UInt8(ascii: "r"): utf8.append(0x0D)
    case UInt8(ascii: "t"): utf8.append(0x09)
    case UInt8(ascii: "u"):
      let start = position - 2
      var code = try readHexadecimal()
      if (0xD800..<0xDC00).contains(code) {
        guard unsafe position + 1 < bytes.count, unsafe bytes[position] == UInt8(ascii: "\\"),
          unsafe bytes[position + 1] == UInt8(ascii: "u")
        else { throw error("half of a surrogate pair", at: start) }
        position += 2
        let low = try readHexadecimal()
        guard (0xDC00..<0xE000).contains(low) else {
          throw error("half of a surrogate pair", at: start)
        }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = UnicodeScalar(code) else {
        throw error("half of a surrogate pair", at: start)
      }
      utf8.append(contentsOf: Character(scalar).utf8)
    default: throw error("unknown escape in a string", at: position - 2)
    }
  }

  private mutating func readHexadecimal() throws(JSONError) -> UInt32 {
    guard unsafe position + 4 <= bytes.count else {
      throw error("four hexadecimal digits expected")
    }
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = unsafe bytes[position]
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x37
      case 0x61...0x66: digit = byte - 0x57
      default: throw error("four hexadecimal digits expected")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private func decodeUTF8(from start: Int, to end: Int) throws(JSONError) -> String {
    let slice = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    guard
      let text = unsafe String(validating: slice.assumingMemoryBound(to: UInt8.self), as: UTF8.self)
    else { throw error("a string is not valid UTF-8", at: start) }
    return text
  }
}
