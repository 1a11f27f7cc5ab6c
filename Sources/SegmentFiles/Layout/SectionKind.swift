/// What a section holds. The container gives no value a meaning; each occurs once in a file.
package struct SectionKind: RawRepresentable, Hashable, Sendable {
  /// The number in the file.
  package var rawValue: UInt32

  /// Creates a kind from its number.
  package init(rawValue: UInt32) { self.rawValue = rawValue }
}

extension SectionKind: CustomStringConvertible {
  /// The four bytes as text if they are printable ASCII (lowest first), else the number.
  package var description: String {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> (8 * $0)) }
    guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return "section \(rawValue)" }
    return String(decoding: bytes, as: UTF8.self)
  }
}
