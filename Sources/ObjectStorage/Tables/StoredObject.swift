/// What the store keeps of an object, besides its vector.
package struct StoredObject: Sendable, Equatable {
  /// The caller's key.
  package var id: ObjectID
  /// The caller's properties.
  package var properties: [String: PropertyValue]
  /// Eight bits for the engine.
  package var flags: UInt8

  /// Creates an object.
  package init(id: ObjectID, properties: [String: PropertyValue], flags: UInt8 = 0) {
    self.id = id
    self.properties = properties
    self.flags = flags
  }
}
