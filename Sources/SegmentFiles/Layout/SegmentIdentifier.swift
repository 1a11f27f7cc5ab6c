import StorageIO

/// What a segment was made from, as a 128-bit hash: equal inputs give equal identifiers, so that
/// a file under the right name with the wrong contents is noticed.
package struct SegmentIdentifier: Hashable, Sendable {
  /// Bytes 0 to 7, lowest first.
  package var low: UInt64
  /// Bytes 8 to 15, lowest first.
  package var high: UInt64

  /// Creates an identifier from its halves.
  package init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// Takes the value of a finished hash.
  package init(_ hash: ContentHash) { (low, high) = hash.finish() }
}

extension SegmentIdentifier: CustomStringConvertible {
  /// 32 hexadecimal digits, in the order of the bytes in a file.
  package var description: String {
    withUnsafeBytes(of: (low.littleEndian, high.littleEndian)) { raw in
      raw.reduce(into: "") { text, byte in
        text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
  }
}
