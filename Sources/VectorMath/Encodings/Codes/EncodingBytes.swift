/// Writes and reads what encodings keep of themselves: little-endian words after a version.
struct EncodingBytes {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ word: UInt32) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }
  mutating func append(_ floats: [Float]) {
    for float in floats { append(float.bitPattern) }
  }

  /// The word at `index`, which the caller knows to exist.
  static func word(_ index: Int, of bytes: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
  }

  /// `count` finite floats from word `index` to the end; `nil` when the length is another or one is not
  /// finite.
  static func floats(
    _ count: Int, from index: Int, of bytes: UnsafeRawBufferPointer
  ) -> [Float]? {
    guard bytes.count % 4 == 0, bytes.count / 4 - index == count else { return nil }
    var floats: [Float] = []
    floats.reserveCapacity(count)
    for position in index..<index + count {
      let float = Float(bitPattern: word(position, of: bytes))
      guard float.isFinite else { return nil }
      floats.append(float)
    }
    return floats
  }
}
