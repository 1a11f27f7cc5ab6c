import JSONText
public import ObjectStorage
public import VectorMath

/// An object as it is stored: its id, its vector and its properties.
public struct VectorObject: Hashable, Sendable, Identifiable {
  /// The caller's key, unique in the collection.
  public var id: ObjectID
  /// The vector, exactly as the caller gave it: numbers, or packed bits in a collection of these. Without one
  /// the object is stored and listed, but never found by a search for neighbours.
  public var value: VectorValue?
  /// Everything else, by name.
  public var properties: [String: PropertyValue]

  /// The numbers of ``value``; nil for packed bits, and without a vector.
  public var vector: [Float]? {
    get { value?.floats }
    set { value = newValue.map { .floats($0) } }
  }

  /// The packed bits of ``value``; nil for numbers, and without a vector.
  public var bits: [UInt8]? {
    get { value?.bits }
    set { value = newValue.map { .bits($0) } }
  }

  /// Creates an object with a vector of numbers.
  public init(id: ObjectID, vector: [Float]?, properties: [String: PropertyValue] = [:]) {
    self.init(id: id, value: vector.map { .floats($0) }, properties: properties)
  }

  /// Creates an object with a vector of packed bits.
  public init(id: ObjectID, bits: [UInt8], properties: [String: PropertyValue] = [:]) {
    self.init(id: id, value: .bits(bits), properties: properties)
  }

  /// Creates an object with a vector of either element type, or without one.
  public init(id: ObjectID, value: VectorValue?, properties: [String: PropertyValue] = [:]) {
    self.id = id
    self.value = value
    self.properties = properties
  }
}

extension VectorObject: VectorRecord {}

extension VectorObject: Codable {
  private enum Key: String, CodingKey { case id, vector, bits, properties }

  /// Reads `id`, `properties`, and the vector as `vector` or as `bits`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(
      id: try container.decode(ObjectID.self, forKey: .id),
      vector: try container.decodeIfPresent([Float].self, forKey: .vector),
      properties: try container.decode([String: PropertyValue].self, forKey: .properties))
    guard let bits = try container.decodeIfPresent([UInt8].self, forKey: .bits) else { return }
    guard value == nil else {
      throw DecodingError.dataCorruptedError(
        forKey: .bits, in: container, debugDescription: "an object has a vector or bits, not both")
    }
    self.bits = bits
  }

  /// Writes numbers as `vector` and packed bits as `bits`, an array of bytes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(id, forKey: .id)
    try container.encodeIfPresent(vector, forKey: .vector)
    try container.encodeIfPresent(bits, forKey: .bits)
    try container.encode(properties, forKey: .properties)
  }
}

extension VectorObject: CustomStringConvertible {
  /// The id, the first components of the vector (bytes of packed bits), and the properties as JSON, in one line:
  /// `r3 [0.1, 0.2, 0.3, … 384] {"title":"Seams"}`.
  public var description: String {
    "\(id) \(VectorObject.excerpt(value)) \(PropertyValue.object(properties).json)"
  }

  private static func excerpt(_ value: VectorValue?) -> String {
    switch value {
    case nil: return "without a vector"
    case .floats(let components): return excerpt(components)
    case .bits(let bytes): return "bits " + excerpt(bytes)
    }
  }

  private static func excerpt(_ components: [some CustomStringConvertible]) -> String {
    let shown = components.prefix(3).map(\.description).joined(separator: ", ")
    return components.count > 3 ? "[\(shown), … \(components.count)]" : "[\(shown)]"
  }
}
