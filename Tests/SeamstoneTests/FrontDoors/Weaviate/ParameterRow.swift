import JSONText
import ObjectStorage
import Testing

@testable import Seamstone

/// One row of the tables of parameters: a place in `vectorIndexConfig`, and what holds there.
struct ParameterRow: Sendable, CustomTestStringConvertible {
  /// What a change of an existing class does.
  enum Change: Sendable {
    /// Holds at once, without a new segment.
    case live(String)
    /// Is refused; the message has these words.
    case immutable(String, String)
    /// Is checked elsewhere.
    case untested
  }

  /// `hnsw`, `flat` or `dynamic`.
  var type = "hnsw"
  /// The place, `pq.centroids` for instance.
  var path: String
  /// The JSON of the default; nil where nothing is written down.
  var usual: String?
  /// JSON of values that are taken and given back as they are.
  var accepted: [String] = []
  /// JSON of values that are refused, and words of the message.
  var refused: [(String, String)] = []
  var change = Change.untested
  /// What else the configuration needs for this.
  var beside = "{}"

  var testDescription: String { "\(type) \(path)" }

  /// A class with `value` at the row's place, or without it.
  func definition(_ value: String?, type: String? = nil) throws -> String {
    var members = try PropertyValue(json: beside)
    if let value {
      var inner = try PropertyValue(json: value)
      for name in path.split(separator: ".").reversed() { inner = .object([String(name): inner]) }
      members = ParameterRow.merged(inner, into: members)
    }
    let definition: PropertyValue = [
      "class": "Article", "vectorIndexType": .string(type ?? self.type),
      "vectorIndexConfig": members,
    ]
    return definition.json
  }

  /// What a class says at the row's place, as JSON.
  func echo(_ definition: String) throws -> String? {
    var value = try PropertyValue(json: definition)
    for name in ["vectorIndexConfig"] + path.split(separator: ".").map(String.init) {
      guard case .object(let members) = value, let inner = members[name] else { return nil }
      value = inner
    }
    return value.json
  }

  /// The same row for a part of `dynamic`.
  func within(_ part: String) -> ParameterRow {
    var row = self
    row.type = "dynamic"
    row.path = "\(part).\(path)"
    row.beside = #"{"\#(part)":\#(beside)}"#
    return row
  }

  private static func merged(_ new: PropertyValue, into old: PropertyValue) -> PropertyValue {
    guard case .object(let new) = new, case .object(let old) = old else { return new }
    return .object(old.merging(new) { merged($1, into: $0) })
  }
}

extension ParameterRow {
  /// Values that are of the wrong JSON type for a whole number.
  static func notWhole(_ name: String) -> [(String, String)] {
    [
      (#""64""#, "\(name) is the text \"64\"; it must be a whole number"),
      ("64.5", "\(name) is 64.5; it must be a whole number"),
      ("true", "\(name) is true; it must be a whole number"),
      ("[1]", "\(name) is a list; it must be a whole number"),
      ("1e30", "\(name) is 1e+30; it must be a whole number of 64 bits"),
    ]
  }

  /// Values that are of the wrong JSON type for true or false.
  static func notFlag(_ name: String) -> [(String, String)] {
    [
      (#""true""#, "\(name) is the text \"true\"; it must be true or false"),
      ("1", "\(name) is 1; it must be true or false"),
    ]
  }

  /// Values that are of the wrong JSON type for an object.
  static func notObject(_ name: String) -> [(String, String)] {
    [("true", "\(name) is true; it must be an object"), ("[]", "\(name) is a list; it must be")]
  }
}
