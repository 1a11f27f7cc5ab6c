import JSONText
import ObjectStorage

/// Reads the members of one object of settings, strictly: a value of the wrong type, a value out of its
/// range and a key that is not known are problems. A member that is null is as one that is missing, because
/// clients write null for what was not said.
struct SettingsReader {
  let members: [String: PropertyValue]
  let problems: SettingsProblems
  /// What comes before a name in messages, `pq.` for instance.
  let prefix: String

  init(
    _ members: [String: PropertyValue], known: [String], prefix: String = "",
    problems: SettingsProblems
  ) {
    self.members = members
    self.prefix = prefix
    self.problems = problems
    for name in members.keys.sorted() where !known.contains(name) {
      let remedy = NearestName.remedy(for: name, among: known)
      problems.add("unknown key \"\(prefix)\(JSONScanner.excerpt(name))\" (\(remedy))")
    }
  }

  /// The value of a member; nil if it is missing or null.
  func value(_ name: String) -> PropertyValue? {
    // `nil` alone would be the value null.
    guard let value = members[name], value != .null else { return Optional.none }
    return value
  }

  /// A whole number; one with a fraction of zero, such as `1e12`, is one too.
  /// - Parameters:
  ///   - rule: What the value must be, for the message when it is outside `range`.
  ///   - clamps: Whether what 64 bits cannot hold is cut to what they can.
  func whole(
    _ name: String, _ usual: Int, in range: ClosedRange<Int> = Int.min...Int.max,
    rule: String? = nil, clamps: Bool = false
  ) -> Int {
    guard let value = value(name) else { return usual }
    let number: Int
    switch value {
    case .int(let whole): number = Int(whole)
    case .double(let double) where double.rounded(.towardZero) == double:
      if let whole = Int(exactly: double) {
        number = whole
      } else if clamps {
        number = double < 0 ? Int.min : Int.max
      } else {
        return refuse(name, value, "a whole number of 64 bits", usual)
      }
    default: return refuse(name, value, "a whole number", usual)
    }
    guard range.contains(number) else {
      return refuse(name, value, rule ?? ConfigurationLimits.text(range), usual)
    }
    return number
  }

  /// True or false.
  func flag(_ name: String, _ usual: Bool) -> Bool {
    guard let value = value(name) else { return usual }
    guard case .bool(let flag) = value else { return refuse(name, value, "true or false", usual) }
    return flag
  }

  /// A text; nil if there is none.
  func text(_ name: String) -> String? {
    guard let value = value(name) else { return nil }
    guard case .string(let text) = value else { return refuse(name, value, "a text", nil) }
    return text
  }

  /// One of the names of an enumeration.
  /// - Parameter reason: Makes the message for a name that is none of them.
  func name<Value: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ usual: Value, _ reason: (String) -> String
  ) -> Value {
    guard let text = text(name) else { return usual }
    if let found = Value(rawValue: text) { return found }
    problems.add(reason(JSONScanner.excerpt(text)))
    return usual
  }

  /// The members of an object, and a problem for anything else; nil if there is none.
  func object(_ name: String) -> [String: PropertyValue]? {
    guard let value = value(name) else { return nil }
    guard case .object(let members) = value else {
      return refuse(name, value, "an object in braces", nil)
    }
    return members
  }

  /// A reader of an object that is a member; of an empty one if it is missing.
  func reader(_ name: String, known: [String]) -> SettingsReader {
    SettingsReader(
      object(name) ?? [:], known: known, prefix: "\(prefix)\(name).", problems: problems)
  }

  private func refuse<Value>(
    _ name: String, _ value: PropertyValue, _ rule: String, _ usual: Value
  ) -> Value {
    refuse(name, rule)
    return usual
  }
}
