import JSONText
internal import ObjectStorage
import StorageIO

/// One line of a text file while it is read.
struct JSONRow {
  /// Where the components of this row begin among those of the batch.
  let start: Int
  var id: ObjectID?
  var hasVector = false
  var properties: [String: PropertyValue] = [:]
  /// The component of the vector that is not a finite number, if that is the error.
  var badComponent: Int?

  /// Whether every component has to be a byte.
  private let holdsBytes: Bool
  /// Whether the id is what is wrong, if anything is.
  private var hasBadID = false

  init(start: Int, holdsBytes: Bool = false) {
    self.start = start
    self.holdsBytes = holdsBytes
  }

  /// What can be done about a row that could not be read.
  var remedy: String {
    if badComponent != nil { return "Replace or drop the row" }
    if hasBadID {
      return
        "An id is a whole number of 64 bits or a text of 1 to \(ObjectID.maximumByteCount) bytes"
    }
    return
      #"Mend or drop the line; each is one object: {"id": 7, "vector": [0.1, 0.2], "name": "x"}"#
  }

  /// Reads the row; appends the components of its vector to `vectors`.
  mutating func read(
    _ line: UnsafeRawBufferPointer, into vectors: inout [Float]
  ) throws(JSONError) {
    var scanner = JSONScanner(line)
    guard scanner.peek() == UInt8(ascii: "{") else {
      throw scanner.unexpected("an object in braces")
    }
    try scanner.readObject { scanner, name throws(JSONError) in
      switch name {
      case "id":
        hasBadID = true
        try readID(&scanner)
        hasBadID = false
      case "vector":
        if try scanner.takeNull() { return }
        hasVector = true
        try readVector(&scanner, into: &vectors)
      case "properties" where scanner.peek() == UInt8(ascii: "{"):
        let start = scanner.position
        for (name, value) in try scanner.readMembers() { try add(name, value, scanner, start) }
      default:
        let start = scanner.position
        try add(name, try scanner.readValue(depth: 1), scanner, start)
      }
    }
    try scanner.expectEnd()
  }

  private mutating func add(
    _ name: String, _ value: PropertyValue, _ scanner: JSONScanner, _ offset: Int
  ) throws(JSONError) {
    guard properties.updateValue(value, forKey: name) == nil else {
      throw scanner.error(
        "the property \"\(JSONScanner.excerpt(name))\" is given twice", at: offset)
    }
  }

  private mutating func readID(_ scanner: inout JSONScanner) throws(JSONError) {
    if try scanner.takeNull() { return }
    let next = scanner.peek()
    let start = scanner.position
    if next == UInt8(ascii: "\"") {
      let id = ObjectID(jsonString: try scanner.readString())
      do { try id.validate() } catch { throw scanner.error(error.message, at: start) }
      self.id = id
      return
    }
    guard next == UInt8(ascii: "-") || next.map({ (0x30...0x39).contains($0) }) ?? false else {
      throw scanner.unexpected("an id, which is a string or a whole number")
    }
    guard let number = try scanner.readNumber().int64 else {
      throw scanner.error("an id must be a string or a whole number of 64 bits", at: start)
    }
    id = .int(number)
  }

  private mutating func readVector(
    _ scanner: inout JSONScanner, into vectors: inout [Float]
  ) throws(JSONError) {
    guard scanner.peek() == UInt8(ascii: "[") else {
      throw scanner.unexpected("a vector, which is an array of numbers")
    }
    var count = 0
    do {
      try scanner.readArray { scanner, index throws(JSONError) in
        count = index
        let offset = scanner.position
        let component = try scanner.readNumber().float
        guard component.isFinite else {
          throw JSONError(
            offset: offset, reason: "the number is too large for 32 bits", isNotFinite: true)
        }
        if holdsBytes, UInt8(exactly: component) == nil {
          throw JSONError(
            offset: offset, reason: "packed bits are bytes: whole numbers from 0 to 255",
            isNotFinite: true)
        }
        vectors.append(component)
      }
    } catch {
      if error.isNotFinite { badComponent = count }
      throw error
    }
  }
}
