public import VectorMath

/// The type of a record's vector: `[Float]` or `[Float]?`, or `[UInt8]` or `[UInt8]?` for packed bits.
public protocol RecordVector: Codable, Sendable {
  /// What the components are.
  static var elementType: ElementType { get }
  /// The vector, or nil for none.
  var vectorValue: VectorValue? { get }
}

/// What the arrays that are vectors of records hold: numbers, or eight packed bits in each byte.
public protocol RecordVectorElement: Codable, Sendable {
  /// What the components are.
  static var elementType: ElementType { get }
  /// The vector that an array stands for.
  static func vectorValue(of elements: [Self]) -> VectorValue
}

extension Float: RecordVectorElement {
  /// Numbers.
  public static var elementType: ElementType { .float32 }
  /// The numbers as a vector.
  public static func vectorValue(of elements: [Float]) -> VectorValue { .floats(elements) }
}

extension UInt8: RecordVectorElement {
  /// Packed bits.
  public static var elementType: ElementType { .bits }
  /// The bytes as a vector of packed bits.
  public static func vectorValue(of elements: [UInt8]) -> VectorValue { .bits(elements) }
}

extension Array: RecordVector where Element: RecordVectorElement {
  /// What the elements are.
  public static var elementType: ElementType { Element.elementType }
  /// The array as a vector.
  public var vectorValue: VectorValue? { Element.vectorValue(of: self) }
}

extension Optional: RecordVector where Wrapped: RecordVector {
  /// What the wrapped vector is made of.
  public static var elementType: ElementType { Wrapped.elementType }
  /// The wrapped vector.
  public var vectorValue: VectorValue? { flatMap(\.vectorValue) }
}
