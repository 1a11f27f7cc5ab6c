import ObjectStorage
import StorageIO

/// Changes to several collections that become visible and durable together, or not at all.
public struct WriteBatch: Sendable {
  enum Operation: Sendable {
    case upsert(UInt32, [PreparedObject])
    case updateProperties(UInt32, [PreparedObject])
    case delete(UInt32, [ObjectID])
  }
  private(set) var operations: [Operation] = []
  private(set) var byteCount = 0

  /// The collections that it changes.
  var touched: Set<UInt32> {
    Set(
      operations.map { operation in
        switch operation {
        case .upsert(let number, _), .updateProperties(let number, _), .delete(let number, _):
          number
        }
      })
  }

  /// The collections whose tails it may make longer.
  var grown: Set<UInt32> {
    Set(
      operations.compactMap { operation in
        if case .upsert(let number, _) = operation { number } else { nil }
      })
  }

  /// Adds inserts or replacements; refuses invalid objects at once.
  public mutating func upsert(
    _ objects: [VectorObject], into collection: Collection
  ) throws(StoreError) {
    let prepared = try collection.prepare(objects)
    byteCount += prepared.reduce(0) { $0 + $1.byteCount }
    operations.append(.upsert(collection.number, prepared))
  }

  /// Adds a replacement of an object's properties.
  public mutating func updateProperties(
    of id: ObjectID, to properties: [String: PropertyValue], in collection: Collection
  ) throws(StoreError) {
    let prepared = try collection.prepare(properties, of: id)
    byteCount += prepared.byteCount
    operations.append(.updateProperties(collection.number, [prepared]))
  }

  /// Adds deletions; ids that do not exist are passed over.
  public mutating func delete(
    ids: [ObjectID], from collection: Collection
  ) throws(StoreError) {
    for id in ids { try id.validate() }
    byteCount += ids.count * 64
    operations.append(.delete(collection.number, ids))
  }

  func apply(_ context: WriteContext) throws(StoreError) {
    for operation in operations {
      switch operation {
      case .upsert(let number, let objects): try context.upsert(objects, into: number)
      case .updateProperties(let number, let objects):
        try context.updateProperties(objects, in: number)
      case .delete(let number, let ids): _ = try context.delete(ids, from: number)
      }
    }
  }
}
