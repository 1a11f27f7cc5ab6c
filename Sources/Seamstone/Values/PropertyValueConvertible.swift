public import ObjectStorage

/// A Swift value that can stand where a property's value is asked for.
public protocol PropertyValueConvertible {
  /// The value as a property.
  var propertyValue: PropertyValue { get }
}

extension PropertyValue: PropertyValueConvertible {
  /// The value itself.
  public var propertyValue: PropertyValue { self }
}

extension String: PropertyValueConvertible {
  /// `.string`.
  public var propertyValue: PropertyValue { .string(self) }
}

extension Bool: PropertyValueConvertible {
  /// `.bool`.
  public var propertyValue: PropertyValue { .bool(self) }
}

extension Int: PropertyValueConvertible {
  /// `.int`.
  public var propertyValue: PropertyValue { .int(Int64(self)) }
}

extension Int64: PropertyValueConvertible {
  /// `.int`.
  public var propertyValue: PropertyValue { .int(self) }
}

extension Double: PropertyValueConvertible {
  /// `.double`.
  public var propertyValue: PropertyValue { .double(self) }
}

extension Float: PropertyValueConvertible {
  /// `.double`, of the same value.
  public var propertyValue: PropertyValue { .double(Double(self)) }
}

extension Array: PropertyValueConvertible where Element: PropertyValueConvertible {
  /// `.array`.
  public var propertyValue: PropertyValue { .array(map(\.propertyValue)) }
}

extension Optional: PropertyValueConvertible where Wrapped: PropertyValueConvertible {
  /// The value, or `.null`.
  public var propertyValue: PropertyValue { map(\.propertyValue) ?? .null }
}
