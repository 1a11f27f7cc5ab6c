import ObjectStorage
import StorageIO

/// How the value of a text's term ends.
private enum TextEnd: UInt8 {
  case whole = 1
  case open = 2
  case cut = 3
}

extension TermScan {
  /// The texts of two kinds that equal `key`.
  mutating func equalText(
    _ key: TextKey, _ kind: TermKind, _ openKind: TermKind
  ) throws(StoreError) {
    let isElement = kind == .textElement
    if key.isOpen {
      // Which text this is cannot be known from its bytes: whatever starts as it does.
      try scan(kind, from: key.startOfRange) { value in
        unsafe TermScan.judge(value, key, startsTheSame: true)
      }
    } else {
      let bytes = encoder.term(key, isElement: isElement)
      try term(bytes, isOpen: key.bytes.count > TextKey.wholeLimit)
    }
    try scan(openKind) { value in
      guard let (text, _) = unsafe TermScan.parse(value) else { return .open }
      return unsafe TextKey.order(text, isOpen: true, key) == nil ? .open : .none
    }
  }

  mutating func compareText(
    _ kind: TermKind, _ comparison: Comparison, _ key: TextKey, isOpen: Bool
  ) throws(StoreError) {
    let wantsMore = comparison == .greater || comparison == .greaterOrEqual
    // Open texts may be short beginnings, anywhere before the key.
    try scan(kind, from: wantsMore && !isOpen ? key.startOfRange : []) { value in
      guard let (text, end) = unsafe TermScan.parse(value) else { return .open }
      guard let order = unsafe TextKey.order(text, isOpen: end != .whole, key) else { return .open }
      if comparison.holds(order) { return .match }
      return order > 0 ? .end : .none
    }
  }

  /// The property is a list with an element equal to the value, or a text that has this one in it.
  mutating func contains(_ value: PropertyValue) throws(StoreError) {
    switch value {
    case .null, .array, .object: try term(encoder.start(.compound), isOpen: true)
    case .string(let part):
      try equalText(TextKey(part), .textElement, .openTextElement)
      try scanTexts(.text) { WildcardPattern.contains($0, part) }
      try scan(.openText) { _ in .open }
    default:
      if let bytes = encoder.term(value, isElement: true) { try term(bytes) }
    }
  }

  /// The property, or an element of its list, is a text of this shape. Patterns are compared with the
  /// bytes of a text, which are those of its term where the term is not open.
  mutating func like(_ pattern: String) throws(StoreError) {
    let literal = String(pattern.prefix { $0 != "*" && $0 != "?" })
    let start = TextKey(literal)
    for kind in [TermKind.text, .textElement] {
      try scanTexts(kind, startingWith: start) { WildcardPattern.matches($0, pattern) }
    }
    for kind in [TermKind.openText, .openTextElement] { try scan(kind) { _ in .open } }
  }

  /// Tests the texts themselves; of texts that were cut the objects decide.
  private mutating func scanTexts(
    _ kind: TermKind, startingWith start: TextKey? = nil, _ test: (String) -> Bool
  ) throws(StoreError) {
    try scan(kind, from: start?.startOfRange ?? []) { value in
      guard let (text, end) = unsafe TermScan.parse(value) else { return .open }
      if let start, unsafe TermScan.isBeyond(text, start) { return .end }
      guard end == .whole else { return .open }
      return test(unsafe TermScan.string(text)) ? .match : .none
    }
  }

  // MARK: - Values of terms

  private static func judge(
    _ value: UnsafeRawBufferPointer, _ key: TextKey, startsTheSame: Bool
  ) -> Verdict {
    guard let (text, end) = unsafe parse(value) else { return .open }
    guard let order = unsafe TextKey.order(text, isOpen: end != .whole, key) else { return .open }
    return order > 0 ? .end : .none
  }

  /// Whether neither this text nor one after it starts as `start` does.
  private static func isBeyond(_ text: UnsafeRawBufferPointer, _ start: TextKey) -> Bool {
    for index in 0..<min(text.count, start.bytes.count)
    where unsafe text[index] != start.bytes[index] {
      return unsafe text[index] > start.bytes[index]
    }
    return false
  }

  /// The bytes of a text's term without its end, and how it ends; nil for a damaged one.
  private static func parse(
    _ value: UnsafeRawBufferPointer
  ) -> (UnsafeRawBufferPointer, TextEnd)? {
    var length = value.count - 2
    if length >= 0, unsafe value[length] == 0, let end = unsafe TextEnd(rawValue: value[length + 1]),
      end != .cut
    {
      return unsafe (UnsafeRawBufferPointer(rebasing: value[..<length]), end)
    }
    length -= 8
    guard length >= 0, unsafe value[length] == 0, unsafe value[length + 1] == TextEnd.cut.rawValue
    else { return nil }
    return unsafe (UnsafeRawBufferPointer(rebasing: value[..<length]), .cut)
  }

  /// The text of these bytes, 0 255 being 0 again.
  private static func string(_ bytes: UnsafeRawBufferPointer) -> String {
    if unsafe !bytes.contains(0) { return unsafe String(decoding: bytes, as: UTF8.self) }
    var plain: [UInt8] = []
    for index in 0..<bytes.count where unsafe bytes[index] != 255 {
      unsafe plain.append(bytes[index])
    }
    return String(decoding: plain, as: UTF8.self)
  }
}

extension TextKey {
  /// No text that starts as this one does, and no beginning of it that was cut, comes before this.
  fileprivate var startOfRange: [UInt8] { Array(bytes.prefix(TextKey.cutLimit - 8)) }
}
