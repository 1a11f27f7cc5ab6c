public import ObjectStorage

/// A property in a filter: `Field("year") >= 2020`.
public struct Field: Hashable, Sendable {
  /// The way to the property.
  public let path: PropertyPath

  /// A property by its name, or by names separated by dots.
  public init(_ path: PropertyPath) { self.path = path }

  /// The property equals one of these.
  public func `in`(_ values: [some PropertyValueConvertible]) -> Filter {
    .in(path, values.map(\.propertyValue))
  }

  /// The property is a list that has this element, or a text that has this text in it.
  public func contains(_ value: some PropertyValueConvertible) -> Filter {
    .contains(path, value.propertyValue)
  }

  /// The property is a list that has each of these.
  public func containsAll(_ values: [some PropertyValueConvertible]) -> Filter {
    .containsAll(path, values.map(\.propertyValue))
  }

  /// The property is a text of this shape: `*` for any characters, `?` for one.
  public func like(_ pattern: String) -> Filter { .like(path, pattern) }

  /// The property is missing or null.
  public var isNull: Filter { .isNull(path) }
}

extension Field {
  /// The property is missing or null, for `Field("x") == nil`; or it equals a value.
  public static func == (field: Field, value: PropertyValue) -> Filter {
    .compare(field.path, .equal, value)
  }

  /// The property has a value, for `Field("x") != nil`; or it does not equal a value.
  public static func != (field: Field, value: PropertyValue) -> Filter {
    .compare(field.path, .notEqual, value)
  }

  /// The property equals a value.
  public static func == (field: Field, value: some PropertyValueConvertible) -> Filter {
    .compare(field.path, .equal, value.propertyValue)
  }

  /// The property does not equal a value; holds too where it is missing.
  public static func != (field: Field, value: some PropertyValueConvertible) -> Filter {
    .compare(field.path, .notEqual, value.propertyValue)
  }

  /// The property is less than a value.
  public static func < (field: Field, value: some PropertyValueConvertible) -> Filter {
    .compare(field.path, .less, value.propertyValue)
  }

  /// The property is at most a value.
  public static func <= (field: Field, value: some PropertyValueConvertible) -> Filter {
    .compare(field.path, .lessOrEqual, value.propertyValue)
  }

  /// The property is greater than a value.
  public static func > (field: Field, value: some PropertyValueConvertible) -> Filter {
    .compare(field.path, .greater, value.propertyValue)
  }

  /// The property is at least a value.
  public static func >= (field: Field, value: some PropertyValueConvertible) -> Filter {
    .compare(field.path, .greaterOrEqual, value.propertyValue)
  }
}

extension Field {
  /// The property is a date at this moment.
  public static func == (field: Field, moment: Timestamp) -> Filter {
    .compareDate(field.path, .equal, moment)
  }

  /// The property is not a date at this moment.
  public static func != (field: Field, moment: Timestamp) -> Filter {
    .compareDate(field.path, .notEqual, moment)
  }

  /// The property is an earlier date.
  public static func < (field: Field, moment: Timestamp) -> Filter {
    .compareDate(field.path, .less, moment)
  }

  /// The property is a date that is not later.
  public static func <= (field: Field, moment: Timestamp) -> Filter {
    .compareDate(field.path, .lessOrEqual, moment)
  }

  /// The property is a later date.
  public static func > (field: Field, moment: Timestamp) -> Filter {
    .compareDate(field.path, .greater, moment)
  }

  /// The property is a date that is not earlier.
  public static func >= (field: Field, moment: Timestamp) -> Filter {
    .compareDate(field.path, .greaterOrEqual, moment)
  }
}
