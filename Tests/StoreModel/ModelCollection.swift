import Seamstone
import VectorMath

/// What a collection should hold, in a dictionary, with the same rules: a new or changed vector makes
/// a new version, an equal one keeps its place. Searches compare everything; ties go by age, as the
/// engine's DocIDs do. A copy is a snapshot.
package struct ModelCollection: Sendable {
  /// One live object.
  package struct Entry: Sendable, Equatable {
    package var vector: VectorValue?
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
  package let elementType: ElementType
  package private(set) var entries: [ObjectID: Entry] = [:]
  private var nextAge: UInt64 = 1

  package init(metric: Metric, elementType: ElementType = .float32) {
    self.metric = metric
    self.elementType = elementType
  }

  package mutating func upsert(_ objects: [VectorObject]) {
    for object in objects {
      if var old = entries[object.id], Self.isSame(old.vector, object.value) {
        old.properties = object.properties
        entries[object.id] = old
      } else {
        entries[object.id] = Entry(
          vector: object.value, properties: object.properties, age: nextAge)
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
    _ query: VectorValue, limit: Int, where isAllowed: (Entry) -> Bool = { _ in true }
  ) -> [Hit] {
    guard limit > 0 else { return [] }
    let exact = ExactDistance(metric: metric, query: query)
    // The best so far in order; far fewer than there are entries.
    var found: [(hit: Hit, age: UInt64)] = []
    for (id, entry) in entries where isAllowed(entry) {
      guard let distance = Self.distance(exact, entry) else { continue }
      if found.count == limit, let last = found.last,
        (last.hit.distance, last.age) < (distance, entry.age)
      {
        continue
      }
      let place = found.firstIndex { (distance, entry.age) < ($0.hit.distance, $0.age) }
      found.insert((Hit(id: id, distance: distance), entry.age), at: place ?? found.endIndex)
      if found.count > limit { found.removeLast() }
    }
    return found.map(\.hit)
  }

  /// The distances of those of the objects that exist and have a vector.
  package func distances(of ids: [ObjectID], to query: VectorValue) -> [ObjectID: Float] {
    let exact = ExactDistance(metric: metric, query: query)
    var distances: [ObjectID: Float] = [:]
    for id in ids { distances[id] = entries[id].flatMap { Self.distance(exact, $0) } }
    return distances
  }

  private static func distance(_ exact: ExactDistance, _ entry: Entry) -> Float? {
    entry.vector?.withUnsafeBytes { buffer in
      buffer.baseAddress.map { exact.distance(toUnaligned: $0) } ?? .infinity
    }
  }

  private static func isSame(_ a: VectorValue?, _ b: VectorValue?) -> Bool {
    switch (a, b) {
    case (nil, nil): true
    case (.floats(let a), .floats(let b)): a.map(\.bitPattern) == b.map(\.bitPattern)
    case (.bits(let a), .bits(let b)): a == b
    default: false
    }
  }
}
