package import ObjectStorage

extension JSONScanner {
  /// Reads any value.
  ///
  /// A number without fraction and exponent that fits is `.int`, any other number `.double`; a
  /// number too large for a double is an error. `depth` is the number of arrays and objects around
  /// the value.
  package mutating func readValue(depth: Int = 0) throws(JSONError) -> PropertyValue {
    guard let byte = peek() else { throw unexpected("a value") }
    switch byte {
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "{"): return .object(try readMembers(depth: depth))
    case UInt8(ascii: "["):
      try checkDepth(depth)
      var values: [PropertyValue] = []
      try readArray { scanner, _ throws(JSONError) in
        values.append(try scanner.readValue(depth: depth + 1))
      }
      return .array(values)
    case UInt8(ascii: "t"):
      try expectWord("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try expectWord("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try expectWord("null")
      return .null
    case UInt8(ascii: "-"), 0x30...0x39:
      let start = position
      let number = try readNumber()
      if let whole = number.int64 { return .int(whole) }
      let value = number.double
      guard value.isFinite else { throw error("a number too large for a double", at: start) }
      return .double(value)
    default: throw unexpected("a value")
    }
  }

  /// Reads an object.
  package mutating func readMembers(depth: Int = 0) throws(JSONError) -> [String: PropertyValue] {
    try checkDepth(depth)
    var members: [String: PropertyValue] = [:]
    try readObject { scanner, name throws(JSONError) in
      members[name] = try scanner.readValue(depth: depth + 1)
    }
    return members
  }

  private func checkDepth(_ depth: Int) throws(JSONError) {
    guard depth < JSONScanner.maximumDepth else {
      throw error("nested deeper than \(JSONScanner.maximumDepth) levels")
    }
  }
}

extension PropertyValue {
  /// Reads a JSON text that is one value.
  package init(json bytes: UnsafeRawBufferPointer) throws(JSONError) {
    var scanner = unsafe JSONScanner(bytes)
    self = try scanner.readValue()
    try scanner.expectEnd()
  }

  /// Reads a JSON text that is one value.
  package init(json text: String) throws(JSONError) {
    var text = text
    // `withUTF8` rethrows untyped, hence the detour.
    let result = text.withUTF8 { utf8 in
      Result { () throws(JSONError) in try unsafe PropertyValue(json: UnsafeRawBufferPointer(utf8))
      }
    }
    self = try result.get()
  }
}
