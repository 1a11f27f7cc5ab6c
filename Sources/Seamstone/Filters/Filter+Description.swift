import JSONText
import ObjectStorage

extension Filter: CustomStringConvertible {
  /// The filter as a person would write it: `section == "science" && year >= 2020`.
  public var description: String {
    switch self {
    case .compare(let path, let comparison, let value):
      "\(path) \(comparison.symbol) \(value.json)"
    case .compareDate(let path, let comparison, let moment):
      "\(path) \(comparison.symbol) date \(moment)"
    case .in(let path, let values): "\(path) in \(PropertyValue.array(values).json)"
    case .contains(let path, let value): "\(path) contains \(value.json)"
    case .containsAll(let path, let values):
      "\(path) contains all of \(PropertyValue.array(values).json)"
    case .like(let path, let pattern): "\(path) like \(PropertyValue.string(pattern).json)"
    case .isNull(let path): "\(path) is null"
    case .and(let filters): Filter.join(filters, " && ", empty: "true")
    case .or(let filters): Filter.join(filters, " || ", empty: "false")
    case .not(let filter): "!(\(filter))"
    }
  }

  private static func join(_ filters: [Filter], _ separator: String, empty: String) -> String {
    if filters.isEmpty { return empty }
    return filters.map { filter in
      switch filter {
      case .and, .or: filters.count > 1 ? "(\(filter))" : filter.description
      default: filter.description
      }
    }.joined(separator: separator)
  }
}
