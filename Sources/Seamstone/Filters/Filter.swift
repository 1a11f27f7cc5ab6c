public import ObjectStorage

/// A condition on the properties of an object: a value that can be built, printed, stored and sent.
///
/// ```swift
/// Field("section") == "science" && (Field("year") >= 2020 || Field("tags").contains("new"))
/// ```
///
/// The rules:
/// - A property that is missing and one that is null are the same. Only `isNull` holds for it, and
///   whatever is a negation: `x != 1` is exactly `!(x == 1)` and holds where `x` is missing.
/// - A property that is a list passes a comparison if any of its elements does; it equals a list if
///   it is the same list.
/// - Numbers compare by value, whole or not: `1` equals `1.0`. A number and a text are never equal and
///   have no order.
/// - Texts compare exactly: with case, and without cutting them into words. (Weaviate compares words
///   in lower case unless a property's tokenisation is `field`.)
/// - A path goes through nested objects, and through the elements of lists of objects.
/// - The path `id` is the object's id, unless it has a property of that name.
public indirect enum Filter: Hashable, Sendable {
  /// A property compared with a value.
  case compare(PropertyPath, Comparison, PropertyValue)
  /// A property that is a date, stored as a text of RFC 3339, compared with a moment.
  case compareDate(PropertyPath, Comparison, Timestamp)
  /// A property equal to one of these values, or a list that has one of them.
  case `in`(PropertyPath, [PropertyValue])
  /// A list that has an element equal to this, or a text that has this text in it.
  case contains(PropertyPath, PropertyValue)
  /// A list that has each of these values; a single value counts as a list of one.
  case containsAll(PropertyPath, [PropertyValue])
  /// A text of this shape: `*` stands for any characters, `?` for one; there is no escape.
  case like(PropertyPath, String)
  /// A property that is missing or null.
  case isNull(PropertyPath)
  /// All of these hold; true for none.
  case and([Filter])
  /// At least one of these holds; false for none.
  case or([Filter])
  /// This does not hold.
  case not(Filter)
}

extension Filter {
  /// `path == value`; null asks for a missing or null property.
  public static func equal(_ path: PropertyPath, _ value: PropertyValue) -> Filter {
    .compare(path, .equal, value)
  }

  /// `path != value`.
  public static func notEqual(_ path: PropertyPath, _ value: PropertyValue) -> Filter {
    .compare(path, .notEqual, value)
  }

  /// `path < value`.
  public static func less(_ path: PropertyPath, _ value: PropertyValue) -> Filter {
    .compare(path, .less, value)
  }

  /// `path <= value`.
  public static func lessOrEqual(_ path: PropertyPath, _ value: PropertyValue) -> Filter {
    .compare(path, .lessOrEqual, value)
  }

  /// `path > value`.
  public static func greater(_ path: PropertyPath, _ value: PropertyValue) -> Filter {
    .compare(path, .greater, value)
  }

  /// `path >= value`.
  public static func greaterOrEqual(_ path: PropertyPath, _ value: PropertyValue) -> Filter {
    .compare(path, .greaterOrEqual, value)
  }

  /// Both hold.
  public static func && (left: Filter, right: Filter) -> Filter {
    switch (left, right) {
    case (.and(let a), .and(let b)): .and(a + b)
    case (.and(let a), _): .and(a + [right])
    case (_, .and(let b)): .and([left] + b)
    default: .and([left, right])
    }
  }

  /// At least one holds.
  public static func || (left: Filter, right: Filter) -> Filter {
    switch (left, right) {
    case (.or(let a), .or(let b)): .or(a + b)
    case (.or(let a), _): .or(a + [right])
    case (_, .or(let b)): .or([left] + b)
    default: .or([left, right])
    }
  }

  /// The filter does not hold.
  public static prefix func ! (filter: Filter) -> Filter {
    if case .not(let inner) = filter { return inner }
    return .not(filter)
  }
}
