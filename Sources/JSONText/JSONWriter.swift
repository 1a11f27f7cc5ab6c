package import ObjectStorage

/// Writes JSON into a buffer of bytes.
///
/// Names of objects come out sorted by their bytes, so equal values give equal texts. Numbers are
/// the shortest texts that read back as the same number. Numbers that JSON cannot say (NaN, infinite
/// ones) become `null`; what may not be lost must be checked before.
package struct JSONWriter {
  /// The text so far.
  package var bytes: [UInt8] = []

  /// Creates an empty text.
  package init() {}

  /// The text as a string.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Appends characters as they are: punctuation, or JSON made elsewhere.
  package mutating func append(raw text: String) { bytes.append(contentsOf: text.utf8) }

  /// Appends a number.
  package mutating func append(_ number: Int64) { bytes.append(contentsOf: String(number).utf8) }

  /// Appends a number.
  package mutating func append(_ number: Double) {
    bytes.append(contentsOf: (number.isFinite ? number.description : "null").utf8)
  }

  /// Appends a number, in the shortest form that gives the same float.
  package mutating func append(_ number: Float) {
    bytes.append(contentsOf: (number.isFinite ? number.description : "null").utf8)
  }

  /// Appends a vector as an array of numbers.
  package mutating func append(_ vector: some Sequence<Float>) {
    bytes.append(UInt8(ascii: "["))
    var isFirst = true
    for component in vector {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      append(component)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Appends a string in quotes.
  package mutating func append(_ string: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x0A: append(raw: "\\n")
      case 0x0D: append(raw: "\\r")
      case 0x09: append(raw: "\\t")
      case 0..<0x20, 0x7F:
        append(raw: byte < 0x10 ? "\\u000" : "\\u00")
        append(raw: String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends any value.
  package mutating func append(_ value: PropertyValue) {
    switch value {
    case .null: append(raw: "null")
    case .bool(let flag): append(raw: flag ? "true" : "false")
    case .int(let number): append(number)
    case .double(let number): append(number)
    case .string(let string): append(string)
    case .array(let values):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in values.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        append(element)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members): append(members)
    }
  }

  /// Appends an object.
  package mutating func append(_ members: [String: PropertyValue]) {
    bytes.append(UInt8(ascii: "{"))
    let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for (index, (name, value)) in sorted.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(name)
      bytes.append(UInt8(ascii: ":"))
      append(value)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  /// Appends an object id: a number or a string, as its `Codable` form is.
  package mutating func append(_ id: ObjectID) {
    switch id {
    case .int(let number): append(number)
    case .uuid: append(id.description)
    case .string(let text): append(ObjectID(jsonString: text) == id ? text : "\"\(text)\"")
    }
  }
}

extension PropertyValue {
  /// The value as one line of JSON.
  package var json: String {
    var writer = JSONWriter()
    writer.append(self)
    return writer.text
  }
}
