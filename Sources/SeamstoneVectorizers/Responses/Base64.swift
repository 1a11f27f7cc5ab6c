/// Reads vectors in base64 (RFC 4648, section 4): the bytes of little-endian floats.
enum Base64 {
  /// The floats of a text; nil if it is not base64 with padding, or not of whole floats.
  static func floats(in text: String) -> [Float]? {
    let characters = Array(text.utf8)
    guard characters.count % 4 == 0 else { return nil }
    let padding = characters.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard padding <= 2, (characters.count / 4 * 3 - padding) % 4 == 0 else { return nil }
    var floats: [Float] = []
    floats.reserveCapacity(characters.count * 3 / 16)
    var bits: UInt32 = 0
    var bitCount = 0
    var pattern: UInt32 = 0
    var byteCount: UInt32 = 0
    for character in characters.dropLast(padding) {
      guard let value = value(of: character) else { return nil }
      bits = bits << 6 | value
      bitCount += 6
      guard bitCount >= 8 else { continue }
      bitCount -= 8
      pattern |= (bits >> UInt32(bitCount) & 0xFF) << (8 * byteCount)
      byteCount += 1
      if byteCount == 4 {
        floats.append(Float(bitPattern: pattern))
        pattern = 0
        byteCount = 0
      }
    }
    // What is left of the last character stands for nothing.
    return bits & (1 << UInt32(bitCount) - 1) == 0 ? floats : nil
  }

  private static func value(of character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
