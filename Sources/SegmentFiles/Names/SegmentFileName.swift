/// The names of segment files: the number in 16 hexadecimal digits and what state the file is in.
package enum SegmentFileName: Hashable, Sendable {
  /// A finished segment, `0000000000000017.seg`.
  case segment(UInt64)
  /// One being written, `0000000000000017.seg.tmp`.
  case temporary(UInt64)
  /// A damaged one set aside, `0000000000000017.seg.bad`.
  case quarantined(UInt64)

  /// The number of the segment.
  package var number: UInt64 {
    switch self {
    case .segment(let number), .temporary(let number), .quarantined(let number): number
    }
  }

  /// The file's name.
  package var name: String {
    let digits = String(number, radix: 16)
    let stem = String(repeating: "0", count: 16 - digits.count) + digits + ".seg"
    switch self {
    case .segment: return stem
    case .temporary: return stem + ".tmp"
    case .quarantined: return stem + ".bad"
    }
  }

  /// The path of the file in a directory.
  package func path(in directory: String) -> String {
    directory.isEmpty ? name : directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
  }

  /// Takes a name apart; nil if it is not exactly one that `name` gives.
  package init?(parsing name: String) {
    let digits = name.utf8.prefix(16)
    guard digits.count == 16,
      digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
      let number = UInt64(String(digits) ?? "", radix: 16)
    else { return nil }
    switch String(name.utf8.dropFirst(16)) {
    case ".seg": self = .segment(number)
    case ".seg.tmp": self = .temporary(number)
    case ".seg.bad": self = .quarantined(number)
    default: return nil
    }
  }

  /// The number of a finished segment from its file's name; nil for any other name.
  package static func parse(_ name: String) -> UInt64? {
    guard case .segment(let number) = SegmentFileName(parsing: name) else { return nil }
    return number
  }
}
