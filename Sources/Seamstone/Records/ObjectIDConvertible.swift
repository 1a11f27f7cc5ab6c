public import ObjectStorage

/// A Swift value that can be the id of an object.
///
/// A type of Foundation needs one line in the program that uses it:
/// `extension UUID: @retroactive ObjectIDConvertible { public var objectID: ObjectID { .init(uuidBytes: uuid) } }`
public protocol ObjectIDConvertible: Codable, Hashable, Sendable {
  /// The value as an id.
  var objectID: ObjectID { get }
}

extension ObjectID: ObjectIDConvertible {
  /// The id itself.
  public var objectID: ObjectID { self }
}

extension String: ObjectIDConvertible {
  /// A text that is a UUID in lower case is that UUID, which takes less space; any other text is
  /// `.string`. Either way the record gets back the text it gave.
  public var objectID: ObjectID {
    if let uuid = ObjectID.parseUUID(self), uuid.description == self { return uuid }
    return .string(self)
  }
}

extension Int: ObjectIDConvertible {
  /// `.int`.
  public var objectID: ObjectID { .int(Int64(self)) }
}

extension Int64: ObjectIDConvertible {
  /// `.int`.
  public var objectID: ObjectID { .int(self) }
}

extension Int32: ObjectIDConvertible {
  /// `.int`.
  public var objectID: ObjectID { .int(Int64(self)) }
}

extension UInt32: ObjectIDConvertible {
  /// `.int`.
  public var objectID: ObjectID { .int(Int64(self)) }
}
