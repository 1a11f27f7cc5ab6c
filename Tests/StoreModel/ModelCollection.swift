import Seamstone
import VectorMath

/// What a collection should hold, in a dictionary, with the same rules: a new or changed vector makes
/// a new version, an equal one keeps its place. Searches compare everything; ties go by age, as the
/// engine's DocIDs do. A copy is a snapshot.
package struct ModelCollection: Sendable {
  /// One live object.
  package struct Entry: Sendable, Equatable {
    package var vector: [Float]?
    package var properties: [String: PropertyValue]
    /// Grows with every new version, like a DocID.
    package var age: UInt64
  }

  /// One result.
  package struct Hit: Sendable, Equatable, CustomStringConvertible {
    package var id: ObjectID
    package var distance: Float
    package init(id: ObjectID, distance: Float) {
      self.id = id
      self.distance = distance
    }
    package var description: String { "\(id)@\(distance)" }
  }

  package let metric: Metric
  package private(set) var entries: [ObjectID: Entry] = [:]
  private var nextAge: UInt64 = 1

  package init(metric: Metric) { self.metric = metric }

  package mutating func upsert(_ objects: [VectorObject]) {
    for object in objects {
      if var old = entries[object.id], Self.isSame(old.vector, object.vector) {
        old.properties = object.properties
        entries[object.id] = old
      } else {
        entries[object.id] = Entry(
          vector: object.vector, properties: object.properties, age: nextAge)
        nextAge += 1
      }
    }
  }

  /// Answers how many there were.
  @discardableResult
  package mutating func delete(_ ids: [ObjectID]) -> Int {
    ids.reduce(0) { $0 + (entries.removeValue(forKey: $1) == nil ? 0 : 1) }
  }

  /// Answers whether there was such an object.
  @discardableResult
  package mutating func updateProperties(
    of id: ObjectID, to properties: [String: PropertyValue]
  ) -> Bool {
    guard entries[id] != nil else { return false }
    entries[id]?.properties = properties
    return true
  }

  /// The exact answer.
  package func search(
    _ query: [Float], limit: Int, where isAllowed: (Entry) -> Bool = { _ in true }
  ) -> [Hit] {
    let exact = ExactDistance(metric: metric, query: query)
    var found: [(hit: Hit, age: UInt64)] = []
    for (id, entry) in entries where isAllowed(entry) {
      guard let vector = entry.vector else { continue }
      let distance = vector.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { exact.distance(to: $0) } ?? .infinity
      }
      found.append((Hit(id: id, distance: distance), entry.age))
    }
    found.sort { a, b in
      a.hit.distance != b.hit.distance ? a.hit.distance < b.hit.distance : a.age < b.age
    }
    return found.prefix(limit).map(\.hit)
  }

  private static func isSame(_ a: [Float]?, _ b: [Float]?) -> Bool {
    switch (a, b) {
    case (nil, nil): true
    case (let a?, let b?): a.map(\.bitPattern) == b.map(\.bitPattern)
    default: false
    }
  }
}
