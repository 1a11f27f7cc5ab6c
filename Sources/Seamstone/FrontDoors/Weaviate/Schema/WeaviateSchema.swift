import JSONText
import ObjectStorage
import StorageIO

/// The declared properties of a class, for checking objects before they are stored.
///
/// Where a class declares properties, an object may have these and no others; a class that declares none
/// takes everything. (The page's system adds what it does not know to the class. A misspelt name would
/// then be stored beside the right one for ever, and no filter on the right one would find it.)
struct WeaviateSchema: Hashable, Sendable {
  private let byName: [String: WeaviateProperty]

  init(_ properties: [WeaviateProperty]) {
    byName = Dictionary(properties.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Refuses values of the wrong type and names that are not declared.
  func check(_ properties: [String: PropertyValue], of id: ObjectID) throws(StoreError) {
    try check(properties, of: id, prefix: "")
  }

  private func check(
    _ properties: [String: PropertyValue], of id: ObjectID, prefix: String
  ) throws(StoreError) {
    guard !byName.isEmpty else { return }
    for (name, value) in properties {
      guard let property = byName[name] else {
        throw StoreError(
          .invalidArgument,
          "The property \"\(prefix)\(JSONScanner.excerpt(name))\" of object \(id) is not declared by its "
            + "class",
          remedy: NearestName.remedy(for: name, among: byName.keys.sorted()))
      }
      let type = property.dataType
      guard type.accepts(value) else {
        throw StoreError(
          .invalidArgument,
          "The property \"\(prefix)\(name)\" of object \(id) is \(value.excerpt); its dataType "
            + "\(type.rawValue) needs \(type.expectation)",
          remedy: "Nothing was stored; correct the object and try again")
      }
      if case .object(let members) = value {
        try WeaviateSchema(property.nested).check(members, of: id, prefix: "\(prefix)\(name).")
      }
    }
  }
}
