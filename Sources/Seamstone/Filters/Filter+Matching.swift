public import ObjectStorage

extension Filter {
  /// Whether an object of these properties passes. `id` is what the path `id` stands for.
  public func matches(_ properties: [String: PropertyValue], id: ObjectID? = nil) -> Bool {
    switch self {
    case .and(let filters): filters.allSatisfy { $0.matches(properties, id: id) }
    case .or(let filters): filters.contains { $0.matches(properties, id: id) }
    case .not(let filter): !filter.matches(properties, id: id)
    case .isNull(let path): !path.hasValue(in: properties, id: id) { $0 != .null }
    case .compare(let path, .equal, .null): !path.hasValue(in: properties, id: id) { $0 != .null }
    case .compare(let path, .notEqual, .null): path.hasValue(in: properties, id: id) { $0 != .null }
    case .compare(let path, .notEqual, let value):
      !path.hasValue(in: properties, id: id) { Filter.holds($0, .equal, value) }
    case .compare(let path, let comparison, let value):
      path.hasValue(in: properties, id: id) { Filter.holds($0, comparison, value) }
    case .compareDate(let path, .notEqual, let moment):
      !path.hasValue(in: properties, id: id) { Filter.holds($0, .equal, moment) }
    case .compareDate(let path, let comparison, let moment):
      path.hasValue(in: properties, id: id) { Filter.holds($0, comparison, moment) }
    case .in(let path, let values):
      values.contains { value in
        Filter.compare(path, .equal, value).matches(properties, id: id)
      }
    case .containsAll(let path, let values):
      values.allSatisfy { value in
        Filter.compare(path, .equal, value).matches(properties, id: id)
      }
    case .contains(let path, let value):
      path.hasValue(in: properties, id: id) { Filter.contains($0, value) }
    case .like(let path, let pattern):
      path.hasValue(in: properties, id: id) { found in
        Filter.anyElement(found) { element in
          guard case .string(let text) = element else { return false }
          return WildcardPattern.matches(text, pattern)
        }
      }
    }
  }

  /// Whether a value, or an element of it if it is a list, passes.
  private static func anyElement(
    _ value: PropertyValue, _ test: (PropertyValue) -> Bool
  ) -> Bool {
    if case .array(let elements) = value { return elements.contains(where: test) }
    return test(value)
  }

  private static func holds(
    _ found: PropertyValue, _ comparison: Comparison, _ value: PropertyValue
  ) -> Bool {
    if comparison == .equal {
      return found.isEqual(to: value) || anyElement(found) { $0.isEqual(to: value) }
    }
    return anyElement(found) { element in
      element.order(relativeTo: value).map(comparison.holds) ?? false
    }
  }

  private static func holds(
    _ found: PropertyValue, _ comparison: Comparison, _ moment: Timestamp
  ) -> Bool {
    anyElement(found) { element in
      guard case .string(let text) = element, let date = Timestamp(text) else { return false }
      return comparison.holds(date < moment ? -1 : date == moment ? 0 : 1)
    }
  }

  private static func contains(_ found: PropertyValue, _ value: PropertyValue) -> Bool {
    switch (found, value) {
    case (.array(let elements), _): elements.contains { $0.isEqual(to: value) }
    case (.string(let text), .string(let part)): WildcardPattern.contains(text, part)
    default: false
    }
  }
}
