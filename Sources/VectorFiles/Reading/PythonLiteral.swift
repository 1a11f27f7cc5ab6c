/// Reads the dictionary in a NumPy header: texts as names; texts, words and tuples of whole numbers
/// as values. Other values make the whole of it malformed, but for one kept as ``Value/other``.
struct PythonLiteral {
  /// A value of the dictionary.
  enum Value: Equatable {
    /// A text in quotes.
    case text(String)
    /// A name such as `False`.
    case word(String)
    /// A tuple.
    case numbers([Int])
    /// A list, as structured element types have; its content is not kept.
    case other
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The whole dictionary; nil if it is malformed.
  mutating func dictionary() -> [String: Value]? {
    guard take("{") else { return nil }
    var entries: [String: Value] = [:]
    while !take("}") {
      guard let name = text(), take(":"), let value = value(), entries[name] == nil else {
        return nil
      }
      entries[name] = value
      if !take(",") {
        guard take("}") else { return nil }
        break
      }
    }
    skipSpace()
    return position == bytes.count ? entries : nil
  }

  private mutating func value() -> Value? {
    skipSpace()
    guard position < bytes.count else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return text().map { .text($0) }
    case UInt8(ascii: "("): return tuple().map { .numbers($0) }
    case UInt8(ascii: "["): return skipList() ? .other : nil
    default:
      let start = position
      while position < bytes.count, bytes[position] | 0x20 >= UInt8(ascii: "a"),
        bytes[position] | 0x20 <= UInt8(ascii: "z")
      {
        position += 1
      }
      return position > start
        ? .word(String(decoding: bytes[start..<position], as: UTF8.self)) : nil
    }
  }

  private mutating func text() -> String? {
    skipSpace()
    guard position < bytes.count else { return nil }
    let quote = bytes[position]
    guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    guard let end = bytes[(position + 1)...].firstIndex(of: quote) else { return nil }
    defer { position = end + 1 }
    return String(validating: bytes[(position + 1)..<end], as: UTF8.self)
  }

  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var numbers: [Int] = []
    while !take(")") {
      guard let number = number() else { return nil }
      numbers.append(number)
      if !take(",") { return take(")") ? numbers : nil }
    }
    return numbers
  }

  private mutating func number() -> Int? {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, more) = product.addingReportingOverflow(Int(digit))
      if overflow || more { return nil }
      value = sum
      position += 1
    }
    guard position > start else { return nil }
    // Python 2 wrote long numbers as 25000L.
    if position < bytes.count, bytes[position] == UInt8(ascii: "L") { position += 1 }
    return value
  }

  /// Skips a list by its brackets; texts inside hold none in any header that NumPy writes.
  private mutating func skipList() -> Bool {
    var depth = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "[") { depth += 1 }
      if bytes[position] == UInt8(ascii: "]") { depth -= 1 }
      position += 1
      if depth == 0 { return true }
    }
    return false
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }
}
