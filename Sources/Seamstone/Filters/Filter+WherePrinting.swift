import JSONText
package import ObjectStorage

extension Filter {
  /// The filter as the JSON of Weaviate's `where`, which ``init(whereJSON:)`` reads back as an equal
  /// filter. What Weaviate cannot say stands under `Contains` and `value`.
  public var whereJSON: String { whereValue.json }

  /// The same as a JSON value.
  package var whereValue: PropertyValue {
    switch self {
    case .compare(let path, let comparison, let value):
      Filter.condition(WhereOperator(comparison), path, Filter.operand(value))
    case .compareDate(let path, let comparison, let moment):
      Filter.condition(
        WhereOperator(comparison), path, ("valueDate", .string(moment.description)))
    case .in(let path, let values):
      Filter.condition(.containsAny, path, Filter.operand(list: values))
    case .containsAll(let path, let values):
      Filter.condition(.containsAll, path, Filter.operand(list: values))
    case .contains(let path, let value):
      Filter.condition(.contains, path, Filter.operand(value))
    case .like(let path, let pattern):
      Filter.condition(.like, path, ("valueText", .string(pattern)))
    case .isNull(let path): Filter.condition(.isNull, path, ("valueBoolean", true))
    case .and(let filters): Filter.operands(.and, filters)
    case .or(let filters): Filter.operands(.or, filters)
    case .not(let filter): Filter.operands(.not, [filter])
    }
  }

  private static func condition(
    _ name: WhereOperator, _ path: PropertyPath, _ operand: (key: String, value: PropertyValue)
  ) -> PropertyValue {
    .object([
      "operator": .string(name.rawValue),
      "path": .array(path.components.map { .string($0) }),
      operand.key: operand.value,
    ])
  }

  private static func operands(_ name: WhereOperator, _ filters: [Filter]) -> PropertyValue {
    ["operator": .string(name.rawValue), "operands": .array(filters.map(\.whereValue))]
  }

  /// The key for one value.
  private static func operand(_ value: PropertyValue) -> (String, PropertyValue) {
    if let key = key(value) { return (key, value) }
    return ("value", value)
  }

  /// The key for a list of values: a typed one if all are of one type.
  private static func operand(list values: [PropertyValue]) -> (String, PropertyValue) {
    guard let first = values.first, let key = key(first),
      values.allSatisfy({ Filter.key($0) == key })
    else { return ("value", .array(values)) }
    return (key, .array(values))
  }

  private static func key(_ value: PropertyValue) -> String? {
    switch value {
    case .string: "valueText"
    case .bool: "valueBoolean"
    case .int: "valueInt"
    case .double: "valueNumber"
    case .null, .array, .object: nil
    }
  }
}
