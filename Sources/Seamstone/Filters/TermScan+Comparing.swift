import ObjectStorage
import StorageIO

/// The conditions of filters as look-ups and ranges of terms. Whatever `Filter.matches` says is the
/// meaning; these only find it faster.
extension TermScan {
  /// The property, or an element of its list, equals a value that is not null.
  mutating func equal(_ value: PropertyValue) throws(StoreError) {
    switch value {
    case .string(let text):
      let key = TextKey(text)
      try equalText(key, .text, .openText)
      try equalText(key, .textElement, .openTextElement)
    case .array, .object: try term(encoder.start(.compound), isOpen: true)
    default:
      for isElement in [false, true] {
        if let bytes = encoder.term(value, isElement: isElement) { try term(bytes) }
      }
    }
  }

  /// The property, or an element of its list, is before or after a value. Only numbers and texts have
  /// an order.
  mutating func compare(
    _ comparison: Comparison, _ value: PropertyValue
  ) throws(StoreError) {
    switch value {
    case .int, .double:
      guard let key = TermEncoder.numberKey(value) else { return }
      for kind in [TermKind.number, .numberElement] { try compareBytes(kind, comparison, key) }
    case .string(let text):
      let key = TextKey(text)
      for kind in [TermKind.text, .textElement] {
        try compareText(kind, comparison, key, isOpen: false)
      }
      for kind in [TermKind.openText, .openTextElement] {
        try compareText(kind, comparison, key, isOpen: true)
      }
    case .bool, .null, .array, .object: return
    }
  }

  /// The property, or an element of its list, is a date before or after a moment.
  mutating func compare(_ comparison: Comparison, _ moment: Timestamp) throws(StoreError) {
    if comparison == .equal {
      try term(encoder.term(moment))
    } else {
      try compareBytes(.date, comparison, TermEncoder.dateKey(moment))
    }
  }

  private mutating func compareBytes(
    _ kind: TermKind, _ comparison: Comparison, _ key: [UInt8]
  ) throws(StoreError) {
    let wantsMore = comparison == .greater || comparison == .greaterOrEqual
    try unsafe scan(kind, from: wantsMore ? key : []) { value in
      let order = unsafe TermScan.order(value, key)
      if comparison.holds(order) { return .match }
      return order > 0 ? .end : .none
    }
  }

  private static func order(_ a: UnsafeRawBufferPointer, _ b: [UInt8]) -> Int {
    for index in 0..<min(a.count, b.count) where unsafe a[index] != b[index] {
      return unsafe a[index] < b[index] ? -1 : 1
    }
    return a.count - b.count
  }
}
