import JSONText
import ObjectStorage
public import StorageIO

extension Filter {
  /// Reads the JSON of Weaviate's `where`, such as
  /// `{"operator": "Equal", "path": ["section"], "valueText": "science"}`.
  ///
  /// Beyond Weaviate's own, it takes the operator `Contains` (see ``contains(_:_:)``) and the key
  /// `value` for any JSON value; ``whereJSON`` writes these where Weaviate has no word. Errors name
  /// the place, what is wrong there and the nearest known name.
  public init(whereJSON text: String) throws(StoreError) {
    let value: PropertyValue
    do {
      value = try PropertyValue(json: text)
    } catch {
      throw StoreError(
        .invalidArgument, "A where filter is not valid JSON: \(error)",
        remedy: Filter.whereExample)
    }
    self = try Filter(whereValue: value)
  }

  /// Reads the same from a JSON value.
  package init(whereValue value: PropertyValue) throws(StoreError) {
    self = try WhereClause(value, at: "where").filter()
  }
}

extension Filter {
  /// What to do about a filter that cannot be read, where nothing more special can be said.
  fileprivate static let whereExample =
    #"Write it as {"path": ["section"], "operator": "Equal", "valueText": "science"}"#
}

/// One object of a `where` filter.
private struct WhereClause {
  private let place: String
  private let members: [String: PropertyValue]

  private static let valueKeys = [
    "valueText", "valueString", "valueInt", "valueNumber", "valueBoolean", "valueDate",
  ]
  /// The names under which Weaviate's REST API takes lists.
  private static let arrayKeys = valueKeys.map { $0 + "Array" }
  private static let keys = ["operator", "path", "operands", "value"] + valueKeys + arrayKeys

  init(_ value: PropertyValue, at place: String) throws(StoreError) {
    self.place = place
    guard case .object(let members) = value else {
      throw WhereClause.error(place, "expected an object, found \(value.kind)")
    }
    self.members = members
    for name in members.keys.sorted() where !WhereClause.keys.contains(name) {
      if name == "valueGeoRange" {
        throw WhereClause.error(place, "\"valueGeoRange\" is not supported")
      }
      throw WhereClause.error(
        place, "unknown key \"\(JSONScanner.excerpt(name))\"",
        NearestName.remedy(for: name, among: WhereClause.keys))
    }
  }

  func filter() throws(StoreError) -> Filter {
    guard case .string(let name) = members["operator"] else {
      throw WhereClause.error(place, "\"operator\" is missing or not a text")
    }
    guard let known = WhereOperator(rawValue: name) else {
      throw WhereClause.error(
        place, "unknown operator \"\(JSONScanner.excerpt(name))\"",
        NearestName.remedy(for: name, among: WhereOperator.allCases.map(\.rawValue)))
    }
    switch known {
    case .and: return .and(try operands())
    case .or: return .or(try operands())
    case .not:
      let operands = try operands()
      guard operands.count == 1, let only = operands.first else {
        throw WhereClause.error(place, "\"Not\" takes one operand, not \(operands.count)")
      }
      return .not(only)
    default: return try condition(known)
    }
  }

  private func operands() throws(StoreError) -> [Filter] {
    for name in members.keys.sorted() where name != "operator" && name != "operands" {
      throw WhereClause.error(place, "\"\(name)\" does not go with \"operands\"")
    }
    guard case .array(let values) = members["operands"] else {
      throw WhereClause.error(place, "\"operands\" is missing or not a list")
    }
    var filters: [Filter] = []
    for (index, value) in values.enumerated() {
      filters.append(try WhereClause(value, at: "\(place).operands[\(index)]").filter())
    }
    return filters
  }

  private func condition(_ name: WhereOperator) throws(StoreError) -> Filter {
    if members["operands"] != nil {
      throw WhereClause.error(place, "\"operands\" does not go with \"\(name.rawValue)\"")
    }
    let path = try path()
    let operand = try operand(takesList: name.takesList)
    if let comparison = name.comparison {
      if let value = operand.single { return .compare(path, comparison, value) }
      if case .dates(let moments, isList: false) = operand, let moment = moments.first {
        return .compareDate(path, comparison, moment)
      }
      throw WhereClause.error(
        place, "\"\(name.rawValue)\" takes one value, not a list", "Use \"ContainsAny\"")
    }
    switch name {
    case .containsAny: return WhereClause.any(path, operand)
    case .containsNone: return .not(WhereClause.any(path, operand))
    case .containsAll:
      switch operand {
      case .values(let values, _): return .containsAll(path, values)
      case .dates(let moments, _): return .and(moments.map { .compareDate(path, .equal, $0) })
      }
    case .contains:
      if let value = operand.single { return .contains(path, value) }
    case .like:
      if case .string(let pattern) = operand.single {
        return .like(path, pattern)
      }
      throw WhereClause.error(place, "\"Like\" takes a \"valueText\"")
    case .isNull:
      if case .bool(let flag) = operand.single {
        return flag ? .isNull(path) : .not(.isNull(path))
      }
      throw WhereClause.error(place, "\"IsNull\" takes a \"valueBoolean\"")
    default: break
    }
    throw WhereClause.error(place, "\"\(name.rawValue)\" does not take this value")
  }

  private static func any(_ path: PropertyPath, _ operand: WhereOperand) -> Filter {
    switch operand {
    case .values(let values, _): .in(path, values)
    case .dates(let moments, _): .or(moments.map { .compareDate(path, .equal, $0) })
    }
  }

  private func path() throws(StoreError) -> PropertyPath {
    switch members["path"] {
    case .string(let dotted) where !dotted.isEmpty: return PropertyPath(dotted)
    case .array(let values) where !values.isEmpty:
      var names: [String] = []
      for value in values {
        guard case .string(let name) = value else {
          throw WhereClause.error(place, "\"path\" has \(value.kind) in it")
        }
        names.append(name)
      }
      return PropertyPath(components: names)
    default:
      throw WhereClause.error(
        place, "\"path\" is missing or empty", "It is a list of names: [\"section\"]")
    }
  }

  private func operand(takesList: Bool) throws(StoreError) -> WhereOperand {
    let names = members.keys.filter { $0.hasPrefix("value") }.sorted()
    guard names.count == 1, let name = names.first, let value = members[name] else {
      let found =
        names.isEmpty ? "no value" : "more than one value: \(names.joined(separator: ", "))"
      throw WhereClause.error(
        place, found, "Give one of \(WhereClause.valueKeys.joined(separator: ", "))")
    }
    do {
      return try WhereOperand(name: name, value: value, takesList: takesList)
    } catch {
      throw WhereClause.error(place, error.text)
    }
  }

  private static func error(
    _ place: String, _ reason: String, _ remedy: String? = nil
  ) -> StoreError {
    StoreError(
      .invalidArgument, "In \(place): \(reason)", remedy: remedy ?? Filter.whereExample)
  }
}
