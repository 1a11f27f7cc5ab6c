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
      try unsafe scan(kind, from: key.startOfRange) { value in
        unsafe TermScan.judge(value, key)
      }
    } else {
      let bytes = encoder.term(key, isElement: isElement)
      try term(bytes, isOpen: key.bytes.count > TextKey.wholeLimit)
    }
    try openTexts(key, openKind)
  }

  /// The open texts that may equal `key`: beginnings of it, and of an open key what starts with it.
  private mutating func openTexts(_ key: TextKey, _ kind: TermKind) throws(StoreError) {
    guard try hasTerm(kind) else { return }
    for end in 0...min(key.bytes.count, TextKey.cutLimit) {
      let isInside =
        end < key.bytes.count && (key.bytes[end] & 0xC0 == 0x80 || key.bytes[end] == 255)
      // An open text that equals the whole of a closed key would have to be longer.
      if isInside || end == key.bytes.count && !key.isOpen { continue }
      try term(encoder.start(kind) + key.bytes[..<end] + [0, 2], isOpen: true)
    }
    guard key.isOpen else { return }
    try unsafe scan(kind, from: key.startOfRange) { value in
      unsafe TermScan.judge(value, key)
    }
  }

  private func hasTerm(_ kind: TermKind) throws(StoreError) -> Bool {
    let prefix = encoder.start(kind)
    var found = false
    try unsafe postings.forEachRecord(
      from: prefix, verifying: false, in: transaction
    ) { (term, _, _) throws(StoreError) in
      found = unsafe term.starts(with: prefix)
      return false
    }
    return found
  }

  mutating func compareText(
    _ kind: TermKind, _ comparison: Comparison, _ key: TextKey, isOpen: Bool
  ) throws(StoreError) {
    let wantsMore = comparison == .greater || comparison == .greaterOrEqual
    // Open texts may be short beginnings, anywhere before the key.
    try unsafe scan(kind, from: wantsMore && !isOpen ? key.startOfRange : []) { value in
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
      try unsafe scan(.openText) { _ in .open }
    default:
      if let bytes = encoder.term(value, isElement: true) { try term(bytes) }
    }
  }

  /// The property, or an element of its list, is a text of this shape. Patterns are compared with the
  /// bytes of a text, which are those of its term where the term is not open.
  mutating func like(_ pattern: String) throws(StoreError) {
    let literal = pattern.unicodeScalars.prefix { $0 != "*" && $0 != "?" }
    let start = TextKey(String(literal))
    for kind in [TermKind.text, .textElement] {
      try scanTexts(kind, startingWith: start) { WildcardPattern.matches($0, pattern) }
    }
    for kind in [TermKind.openText, .openTextElement] { try unsafe scan(kind) { _ in .open } }
  }

  /// Tests the texts themselves; of texts that were cut the objects decide.
  private mutating func scanTexts(
    _ kind: TermKind, startingWith start: TextKey? = nil, _ test: (String) -> Bool
  ) throws(StoreError) {
    try unsafe scan(kind, from: start?.startOfRange ?? []) { value in
      guard let (text, end) = unsafe TermScan.parse(value) else { return .open }
      if let start, unsafe TermScan.isBeyond(text, start) { return .end }
      guard end == .whole else { return .open }
      return unsafe test(TermScan.string(text)) ? .match : .none
    }
  }

  // MARK: - Values of terms

  private static func judge(
    _ value: UnsafeRawBufferPointer, _ key: TextKey
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
    // In a text 255 follows 0, so 0 and 3 at their place are the end of one that was cut.
    var length = value.count - 6
    if length >= 0, unsafe value[length] == 0, unsafe value[length + 1] == TextEnd.cut.rawValue {
      return unsafe (UnsafeRawBufferPointer(rebasing: value[..<length]), .cut)
    }
    length += 4
    guard length >= 0, unsafe value[length] == 0,
      let end = unsafe TextEnd(rawValue: value[length + 1]), end != .cut
    else { return nil }
    return unsafe (UnsafeRawBufferPointer(rebasing: value[..<length]), end)
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
