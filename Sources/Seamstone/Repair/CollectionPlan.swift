import ObjectStorage
import SegmentFiles
import StorageIO
import VectorIndexes
import VectorMath

/// What is known of a collection of a damaged store.
struct CollectionPlan {
  let number: UInt32
  var definition: CollectionDefinition
  /// Whether the definition is a guess.
  var isGuess = false
  var isReadOnly = false
  /// How many objects there should be; nil if nothing says so.
  var objectCount: Int?
  var indexedPaths: [PropertyPath] = []

  func table(_ kind: String) -> String { "\(number).\(kind)" }

  /// The collections that the catalog names, and those that only have objects.
  static func all(
    in salvage: Salvage, segments: [SegmentHeader]
  ) throws(StoreError) -> [CollectionPlan] {
    let (catalog, isOlder) = salvage.catalog()
    var plans: [CollectionPlan] = []
    for (key, value) in catalog.sorted(by: { $0.key < $1.key }) {
      guard let number = CatalogKey.collectionNumber(ofDefinition: key),
        let definition = try definition(value, key)
      else { continue }
      var plan = CollectionPlan(number: number, definition: definition)
      // A collection that was dropped since then has no objects any more.
      if isOlder, salvage.records(of: plan.table("objects")).next() == nil,
        catalog[CatalogKey.counters(number)] == nil
      {
        continue
      }
      plan.read(catalog)
      plans.append(plan)
    }
    let known = Set(plans.map(\.number))
    for number in salvage.collectionNumbers where !known.contains(number) {
      if let plan = guess(number, salvage, segments, names: Set(plans.map(\.definition.name))) {
        plans.append(plan)
      }
    }
    return plans.sorted { $0.number < $1.number }
  }

  private mutating func read(_ catalog: [String: [UInt8]]) {
    let place = StoreError.Location(path: "data.mdb", section: "catalog")
    if let bytes = catalog[CatalogKey.counters(number)],
      let counters = try? CollectionCounters(decoding: bytes, at: place)
    {
      isReadOnly = counters.isReadOnly
      objectCount = Int(clamping: counters.objectCount)
    }
    if let bytes = catalog[CatalogKey.propertyIndexes(number)],
      let record = try? PropertyIndexRecord(decoding: bytes, at: place)
    {
      indexedPaths = record.entries.filter { !$0.isDropped }.map(\.path)
    }
  }

  /// A definition of a later release is no damage: this one must not touch it.
  private static func definition(
    _ bytes: [UInt8], _ key: String
  ) throws(StoreError) -> CollectionDefinition? {
    do throws(StoreError) {
      return try CollectionDefinition(
        decoding: bytes, at: .init(path: "data.mdb", section: "catalog/\(key)"))
    } catch {
      if error.code == .formatTooNew { throw error }
      return nil
    }
  }

  /// Dimensions from an original, the metric and the element type from segments of as many, and a made-up name.
  private static func guess(
    _ number: UInt32, _ salvage: Salvage, _ segments: [SegmentHeader], names: Set<String>
  ) -> CollectionPlan? {
    let objects = salvage.records(of: "\(number).objects")
    guard objects.next() != nil else { return nil }
    let bytes = vectorBytes(number, salvage)
    var name = "recovered-\(number)"
    while names.contains(name) { name += "x" }
    // Nothing says which collection a segment belongs to, but that sizes fit.
    let isOfBits = bytes.map { bytes in
      segments.contains {
        $0.encoding == VectorEncodingKind.bits.rawValue && Int($0.dimensions) == bytes * 8
      }
        && !segments.contains {
          $0.encoding != VectorEncodingKind.bits.rawValue && Int($0.dimensions) * 4 == bytes
        }
    }
    if isOfBits == true {
      return CollectionPlan(
        number: number,
        definition: CollectionDefinition(
          name: name,
          configuration: CollectionConfiguration(
            dimensions: bytes.map { $0 * 8 }, elementType: .bits)),
        isGuess: true)
    }
    let dimensions = bytes.map { $0 / MemoryLayout<Float>.size }
    let metrics = Set(
      segments.filter { Int($0.dimensions) == dimensions }.compactMap {
        Metric(fileCode: $0.metric)
      })
    let metric = metrics.count == 1 ? metrics.first ?? .cosine : .cosine
    let definition = CollectionDefinition(
      name: name,
      configuration: CollectionConfiguration(dimensions: dimensions, metric: metric))
    return CollectionPlan(number: number, definition: definition, isGuess: true)
  }

  /// How many bytes the parts of most of the first originals hold.
  private static func vectorBytes(_ number: UInt32, _ salvage: Salvage) -> Int? {
    let parts = salvage.records(of: "\(number).vectors")
    var sizes: [UInt64: Int] = [:]
    while let part = parts.next(), sizes.count < 100 {
      guard let key = part.number else { continue }
      sizes[key >> 8, default: 0] += part.payload.count
    }
    // The last of them may be cut short by the count, others by damage.
    let counts = Dictionary(grouping: sizes.values) { $0 }.mapValues(\.count)
    return counts.max { $0.value < $1.value }?.key
  }
}
