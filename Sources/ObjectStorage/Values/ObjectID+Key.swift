import StorageIO

extension ObjectID {
  /// The first byte of a stored id. The order of the tags is the order of the kinds.
  var tag: UInt8 {
    switch self {
    case .int: 1
    case .uuid: 2
    case .string: 3
    }
  }

  /// Refuses what cannot be stored: an empty string, or more than 480 UTF-8 bytes.
  package func validate() throws(StoreError) {
    guard case .string(let text) = self else { return }
    if text.isEmpty {
      throw StoreError(
        .invalidArgument, "An object id may not be empty",
        remedy: "Use a text of 1 to \(ObjectID.maximumByteCount) bytes, a whole number or a UUID")
    }
    if text.utf8.count > ObjectID.maximumByteCount {
      throw StoreError(
        .invalidArgument,
        "The object id \"\(text.prefix(40))…\" has \(text.utf8.count) UTF-8 bytes",
        remedy: "Use at most \(ObjectID.maximumByteCount) bytes")
    }
  }

  /// The stored form: a tag byte, then the number (big-endian, sign bit flipped, so that bytes sort
  /// as numbers do), the 16 bytes of the UUID, or the UTF-8 bytes.
  package var keyBytes: [UInt8] {
    var bytes: [UInt8] = [tag]
    switch self {
    case .int(let number):
      appendBigEndian(UInt64(bitPattern: number) ^ 1 << 63, to: &bytes)
    case .uuid(let high, let low):
      appendBigEndian(high, to: &bytes)
      appendBigEndian(low, to: &bytes)
    case .string(let text):
      bytes.append(contentsOf: text.utf8)
    }
    return bytes
  }

  /// Reads the stored form; nil if these bytes are not one.
  package init?(keyBytes bytes: UnsafeRawBufferPointer) {
    guard let tag = bytes.first else { return nil }
    let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    switch (tag, rest.count) {
    case (1, 8):
      self = .int(Int64(bitPattern: ObjectID.bigEndian(rest, 0) ^ 1 << 63))
    case (2, 16):
      self = .uuid(high: ObjectID.bigEndian(rest, 0), low: ObjectID.bigEndian(rest, 8))
    case (3, 1...ObjectID.maximumByteCount):
      guard let text = String(validating: rest, as: UTF8.self) else { return nil }
      self = .string(text)
    default:
      return nil
    }
  }

  private func appendBigEndian(_ word: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
    }
  }

  private static func bigEndian(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
