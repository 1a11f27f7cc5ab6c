import ObjectStorage

/// Settings that may be left out without something taking their place.
extension SettingsReader {
  /// A whole number; nil if there is none.
  func optionalWhole(_ name: String, in range: ClosedRange<Int>) -> Int? {
    guard value(name) != nil else { return nil }
    let before = problems.texts.count
    let number = whole(name, range.lowerBound, in: range)
    return problems.texts.count == before ? number : nil
  }

  /// True or false; nil if there is neither.
  func optionalFlag(_ name: String) -> Bool? {
    value(name) == nil ? nil : flag(name, false)
  }

  /// A number above 0 and at most 1; nil if there is none. 0 is as none.
  func fraction(_ name: String) -> Double? {
    let number: Double
    switch value(name) {
    case nil, .int(0), .double(0): return nil
    case .int(let whole): number = Double(whole)
    case .double(let double): number = double
    default:
      refuse(name, "a number from 0 to 1")
      return nil
    }
    guard number > 0, number <= 1 else {
      refuse(name, "a number from 0 to 1")
      return nil
    }
    return number
  }

  /// Notes that the value of a member is not what it must be.
  func refuse(_ name: String, _ rule: String) {
    problems.add("\(prefix)\(name) is \((value(name) ?? .null).excerpt); it must be \(rule)")
  }

  /// Notes what is wrong with a member.
  func add(_ name: String, _ reason: String) {
    problems.add("\(prefix)\(name): \(reason)")
  }
}
