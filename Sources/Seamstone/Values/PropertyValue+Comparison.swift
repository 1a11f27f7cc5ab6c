package import ObjectStorage

extension PropertyValue {
  /// Equality as filters see it: numbers are equal when their values are, whatever their case.
  package func isEqual(to other: PropertyValue) -> Bool {
    switch (self, other) {
    case (.int, .double), (.double, .int): order(relativeTo: other) == 0
    case (.array(let a), .array(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.isEqual(to: $1) }
    case (.object(let a), .object(let b)):
      a.count == b.count
        && a.allSatisfy { name, value in b[name].map { value.isEqual(to: $0) } ?? false }
    default: self == other
    }
  }

  /// Negative, zero or positive as this comes before, with or after `other`; nil where the two have no
  /// order, as a number and a text have none. Numbers compare by their exact values, texts by
  /// their Unicode scalars in canonical form (the order of Swift's `String`).
  package func order(relativeTo other: PropertyValue) -> Int? {
    switch (self, other) {
    case (.int(let a), .int(let b)): a < b ? -1 : a == b ? 0 : 1
    case (.double(let a), .double(let b)): a < b ? -1 : a == b ? 0 : a > b ? 1 : nil
    case (.int(let a), .double(let b)): PropertyValue.order(a, b)
    case (.double(let a), .int(let b)): PropertyValue.order(b, a).map { -$0 }
    case (.string(let a), .string(let b)): a == b ? 0 : a < b ? -1 : 1
    default: nil
    }
  }

  /// The order of a whole number and a double, without rounding either.
  private static func order(_ whole: Int64, _ number: Double) -> Int? {
    if number.isNaN { return nil }
    if number >= 0x1p63 { return -1 }
    if number < -0x1p63 { return 1 }
    let part = number.rounded(.towardZero)
    guard let truncated = Int64(exactly: part) else { return nil }
    if whole != truncated { return whole < truncated ? -1 : 1 }
    return part < number ? -1 : part == number ? 0 : 1
  }
}
