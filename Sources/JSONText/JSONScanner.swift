/// Reads JSON (RFC 8259) piece by piece from bytes in memory.
///
/// The caller drives it: it knows which value it wants next, so that a vector of numbers becomes
/// floats without a tree in between. Nothing it reads can make it recurse deeper than
/// ``maximumDepth`` or allocate more than a small multiple of the text. It is stricter than some
/// parsers: a name given twice in one object, a lone surrogate and invalid UTF-8 are errors, because
/// each of them would lose data silently.
///
/// The bytes must stay valid while the scanner is used.
@safe package struct JSONScanner {
  /// How deep arrays and objects may be nested, the outermost counted as one.
  package static let maximumDepth = 64

  let bytes: UnsafeRawBufferPointer
  /// The offset of the next byte to read.
  package internal(set) var position = 0

  /// Creates a scanner at the first byte of `bytes`.
  package init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = unsafe bytes }

  /// An error at the present position, or at `offset`.
  package func error(_ reason: String, at offset: Int? = nil) -> JSONError {
    JSONError(offset: offset ?? position, reason: reason)
  }
}

extension JSONScanner {
  /// The next byte that is not white space, without reading it; nil at the end of the text.
  @inline(__always)
  package mutating func peek() -> UInt8? {
    while unsafe position < bytes.count {
      let byte = unsafe bytes[position]
      if byte > 0x20 { return byte }
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      position += 1
    }
    return nil
  }

  /// Reads `byte` if it comes next, after white space.
  @inline(__always)
  package mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  /// Reads `byte`, or throws an error that says what came instead.
  @inline(__always)
  package mutating func expect(_ byte: UInt8) throws(JSONError) {
    guard take(byte) else { throw unexpected("'\(Character(UnicodeScalar(byte)))'") }
  }

  /// Throws unless only white space is left.
  package mutating func expectEnd() throws(JSONError) {
    guard peek() == nil else { throw unexpected("the end of the text") }
  }

  /// Reads the word `null` if it comes next.
  package mutating func takeNull() throws(JSONError) -> Bool {
    guard peek() == UInt8(ascii: "n") else { return false }
    try expectWord("null")
    return true
  }

  /// Reads a literal word.
  package mutating func expectWord(_ word: StaticString) throws(JSONError) {
    let end = position + word.utf8CodeUnitCount
    guard unsafe end <= bytes.count else { throw unexpected("\"\(word)\"") }
    let matches = word.withUTF8Buffer { expected in
      unsafe bytes[position..<end].elementsEqual(expected)
    }
    guard matches else { throw unexpected("\"\(word)\"") }
    position = end
  }

  /// An error that names what was expected and the byte that came instead.
  package mutating func unexpected(_ expected: String) -> JSONError {
    guard let byte = peek() else {
      return error("expected \(expected), but the text ends")
    }
    switch byte {
    case 0x21...0x7E:
      return error("expected \(expected), found '\(Character(UnicodeScalar(byte)))'")
    default:
      return error("expected \(expected), found the byte 0x\(String(byte, radix: 16))")
    }
  }
}

extension JSONScanner {
  /// Reads an object; `member` reads the value of each name it is given.
  ///
  /// Names given twice are an error.
  package mutating func readObject(
    _ member: (inout JSONScanner, String) throws(JSONError) -> Void
  ) throws(JSONError) {
    try expect(UInt8(ascii: "{"))
    if take(UInt8(ascii: "}")) { return }
    var names: Set<String> = []
    repeat {
      guard peek() == UInt8(ascii: "\"") else { throw unexpected("a name in double quotes") }
      let start = position
      let name = try readString()
      guard names.insert(name).inserted else {
        throw error("the name \"\(JSONScanner.excerpt(name))\" is given twice", at: start)
      }
      try expect(UInt8(ascii: ":"))
      try member(&self, name)
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw unexpected("',' or '}'") }
  }

  /// Reads an array; `element` reads each element and is given its position.
  package mutating func readArray(
    _ element: (inout JSONScanner, Int) throws(JSONError) -> Void
  ) throws(JSONError) {
    try expect(UInt8(ascii: "["))
    if take(UInt8(ascii: "]")) { return }
    var index = 0
    repeat {
      try element(&self, index)
      index += 1
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw unexpected("',' or ']'") }
  }

  /// The first 40 characters of a text from outside, for messages.
  package static func excerpt(_ text: String) -> String {
    let start = text.prefix(40)
    return start.endIndex == text.endIndex ? text : start + "…"
  }
}
