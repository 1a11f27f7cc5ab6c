import ObjectStorage
import StorageIO

/// Writes what can be read of one collection to a new one, in the order of insertion.
struct CollectionImport {
  let salvage: Salvage
  let plan: CollectionPlan
  let collection: Collection

  private static let batchSize = 256

  /// Answers how many objects the new collection has, and what is missing in it.
  func run() throws(StoreError) -> (count: Int, loss: RepairReport.Loss) {
    var loss = RepairReport.Loss(collection: plan.definition.name)
    loss.isConfigurationLost = plan.isGuess
    try copyObjects(&loss)
    let count = try collection.count()
    try findLost(&loss)
    if let expected = plan.objectCount {
      loss.unnamedObjects = max(0, expected - count - loss.objects.count)
    }
    return (count, loss)
  }

  private func copyObjects(_ loss: inout RepairReport.Loss) throws(StoreError) {
    let table = plan.table("objects")
    // What was found on pages that are not as they should be may have been deleted since then; the ids tell.
    let isWhole = salvage.isWhole(table)
    let current = isWhole ? [:] : currentVersions()
    let areListed = !isWhole && salvage.isWhole(plan.table("ids"))
    let mayBeOlder = !isWhole && !salvage.knowsFreePages
    let objects = salvage.records(of: table)
    var vectors = SalvagedVectors(
      records: salvage.records(of: plan.table("vectors")),
      configuration: plan.definition.configuration, pageSize: salvage.pageSize)
    var batch: [VectorObject] = []
    var last: UInt64 = 0
    while let record = objects.next() {
      // A page and an older version of it may both have been found; the first one counts.
      guard let docID = record.number, docID > last, let object = record.object else { continue }
      let wanted = current[object.id]
      if wanted != docID, wanted != nil || areListed { continue }
      last = docID
      if mayBeOlder, wanted == nil { loss.doubtfulObjects += 1 }
      let vector = object.hasVector ? vectors.vector(of: docID) : nil
      if object.hasVector, vector == nil { loss.vectors.append(object.id) }
      batch.append(VectorObject(id: object.id, value: vector, properties: object.properties))
      if batch.count == Self.batchSize {
        try collection.writeAccepted(batch)
        batch.removeAll(keepingCapacity: true)
      }
    }
    try collection.writeAccepted(batch)
  }

  /// Which version of each object the ids name.
  private func currentVersions() -> [ObjectID: UInt64] {
    let ids = salvage.records(of: plan.table("ids"))
    var versions: [ObjectID: UInt64] = [:]
    while let record = ids.next() {
      if let (id, docID) = record.mapping { versions[id] = max(versions[id] ?? 0, docID) }
    }
    return versions
  }

  /// The ids that were listed and are not in the new collection.
  private func findLost(_ loss: inout RepairReport.Loss) throws(StoreError) {
    let ids = salvage.records(of: plan.table("ids"))
    var lost = Set<ObjectID>()
    try collection.read { (reader) throws(StoreError) in
      let listed = reader.state.tables.ids
      while let record = ids.next() {
        guard let id = record.mapping?.id,
          try listed.docID(for: id, in: reader.transaction) == nil
        else { continue }
        lost.insert(id)
      }
    }
    loss.objects = lost.sorted()
  }
}
