import ObjectStorage
import StorageIO

/// Writes terms of one property index: its number (four bytes, big-endian), the kind, and a value whose
/// bytes are in the order of the values.
struct TermEncoder: Sendable {
  /// The index's number and nothing else: what all its terms start with.
  let prefix: [UInt8]

  init(index number: UInt32) {
    prefix = (0..<4).reversed().map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) }
  }

  /// The number of the index that a term belongs to.
  static func index(of term: some RandomAccessCollection<UInt8>) -> UInt32? {
    guard term.count >= 5 else { return nil }
    return term.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// What the terms of a kind start with.
  func start(_ kind: TermKind) -> [UInt8] { prefix + [kind.rawValue] }

  /// The term of a value; nil for what has none: null, lists, objects, and a number that is none.
  func term(_ value: PropertyValue, isElement: Bool) -> [UInt8]? {
    switch value {
    case .bool(let flag): return start(isElement ? .boolElement : .bool) + [flag ? 1 : 0]
    case .int, .double:
      guard let key = TermEncoder.numberKey(value) else { return nil }
      return start(isElement ? .numberElement : .number) + key
    case .string(let text): return term(TextKey(text), isElement: isElement)
    case .null, .array, .object: return nil
    }
  }

  /// The term of a text: the bytes and how they end. `0 1`: the text is whole. `0 3` and four bytes of a
  /// checksum: it was cut, being long. `0 2`: it is open.
  func term(_ key: TextKey, isElement: Bool) -> [UInt8] {
    if key.isOpen {
      return start(isElement ? .openTextElement : .openText) + key.cut + [0, 2]
    }
    let start = start(isElement ? .textElement : .text)
    if key.bytes.count <= TextKey.wholeLimit { return start + key.bytes + [0, 1] }
    let checksum = UInt64(Checksum.of(key.bytes))
    return start + key.cut + [0, 3] + TermEncoder.bigEndian(checksum)[4...]
  }

  /// The term of a date.
  func term(_ moment: Timestamp) -> [UInt8] { start(.date) + TermEncoder.dateKey(moment) }

  /// Eight bytes that sort as the seconds do, and four of nanoseconds.
  static func dateKey(_ moment: Timestamp) -> [UInt8] {
    let seconds = bigEndian(UInt64(bitPattern: moment.seconds) ^ 1 << 63)
    return seconds + bigEndian(UInt64(UInt32(bitPattern: moment.nanoseconds)))[4...]
  }

  /// Ten bytes that sort as numbers do, whole or not: the largest double that is not greater, its bits
  /// turned so that they sort, and what a whole number is more than it (at most 1,023).
  static func numberKey(_ value: PropertyValue) -> [UInt8]? {
    var number: Double
    var excess: Int64 = 0
    switch value {
    case .double(let exact): number = exact
    case .int(let whole):
      number = Double(whole)
      // Rounded up, perhaps to 2⁶³, which is no Int64.
      if number >= 0x1p63 || Int64(number) > whole { number = number.nextDown }
      excess = whole - Int64(number)
    default: return nil
    }
    if number.isNaN { return nil }
    if number == 0 { number = 0.0 }  // -0 is 0
    let bits = number.bitPattern
    let ordered = bits >> 63 == 1 ? ~bits : bits | 1 << 63
    return bigEndian(ordered) + bigEndian(UInt64(bitPattern: excess))[6...]
  }

  private static func bigEndian(_ word: UInt64) -> [UInt8] {
    (0..<8).reversed().map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
  }
}
