/// The operators of Weaviate's `where`, and `Contains`, which is ours.
enum WhereOperator: String, CaseIterable {
  case and = "And"
  case or = "Or"
  case not = "Not"
  case equal = "Equal"
  case notEqual = "NotEqual"
  case greaterThan = "GreaterThan"
  case greaterThanEqual = "GreaterThanEqual"
  case lessThan = "LessThan"
  case lessThanEqual = "LessThanEqual"
  case like = "Like"
  case containsAny = "ContainsAny"
  case containsAll = "ContainsAll"
  case containsNone = "ContainsNone"
  case isNull = "IsNull"
  case contains = "Contains"

  /// The comparison that the operator is, if it is one.
  var comparison: Comparison? {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .greaterThan: .greater
    case .greaterThanEqual: .greaterOrEqual
    case .lessThan: .less
    case .lessThanEqual: .lessOrEqual
    default: nil
    }
  }

  /// Whether the operator takes a list of values.
  var takesList: Bool { self == .containsAny || self == .containsAll || self == .containsNone }

  /// The operator of a comparison.
  init(_ comparison: Comparison) {
    switch comparison {
    case .equal: self = .equal
    case .notEqual: self = .notEqual
    case .less: self = .lessThan
    case .lessOrEqual: self = .lessThanEqual
    case .greater: self = .greaterThan
    case .greaterOrEqual: self = .greaterThanEqual
    }
  }
}
