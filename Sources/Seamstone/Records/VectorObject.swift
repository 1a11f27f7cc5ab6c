import JSONText
public import ObjectStorage

/// An object as it is stored: its id, its vector and its properties.
public struct VectorObject: Hashable, Sendable, Identifiable {
  /// The caller's key, unique in the collection.
  public var id: ObjectID
  /// The vector, exactly as the caller gave it. Without one the object is stored and listed, but
  /// never found by a search for neighbours.
  public var vector: [Float]?
  /// Everything else, by name.
  public var properties: [String: PropertyValue]

  /// Creates an object.
  public init(id: ObjectID, vector: [Float]?, properties: [String: PropertyValue] = [:]) {
    self.id = id
    self.vector = vector
    self.properties = properties
  }
}

extension VectorObject: VectorRecord {}

extension VectorObject: CustomStringConvertible {
  /// The id, the first components of the vector, and the properties as JSON, in one line:
  /// `r3 [0.1, 0.2, 0.3, … 384] {"title":"Seams"}`.
  public var description: String {
    "\(id) \(VectorObject.excerpt(vector)) \(PropertyValue.object(properties).json)"
  }

  private static func excerpt(_ vector: [Float]?) -> String {
    guard let vector else { return "without a vector" }
    let shown = vector.prefix(3).map(\.description).joined(separator: ", ")
    return vector.count > 3 ? "[\(shown), … \(vector.count)]" : "[\(shown)]"
  }
}
