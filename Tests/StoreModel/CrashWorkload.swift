import Seamstone
import TestSupport

/// What the killed process writes. Every batch depends on the seed, the writer and its number only, so
/// that the process that checks knows it without being told.
///
/// Each writer has a collection of its own; with every batch it also notes the batch's number in the
/// collection `journal`, in the same commit.
package struct CrashWorkload: Sendable {
  package static let writers = 2
  package static let dimensions = 12
  package static let metrics: [Metric] = [.l2Squared, .cosine]
  package static let journal = "journal"

  /// How much there is of everything.
  package struct Size: Sendable {
    /// The first batches fill the collections; the others change them.
    package var fillBatches: Int
    package var fillRows: Int
    package var idRange: Int
    /// Graphs have thousands of nodes.
    package static let large = Size(fillBatches: 10, fillRows: 250, idRange: 3_000)
    /// Stores take milliseconds to write and to check.
    package static let small = Size(fillBatches: 3, fillRows: 40, idRange: 150)
    /// There are enough vectors to train product codes on.
    package static let medium = Size(fillBatches: 3, fillRows: 400, idRange: 1_400)
  }

  package let seed: UInt64
  package let size: Size

  package init(seed: UInt64, size: Size = .large) {
    self.seed = seed
    self.size = size
  }

  /// One atomic change.
  package struct Batch: Sendable {
    package var upserts: [VectorObject] = []
    package var deletes: [ObjectID] = []
    package var updates: [(id: ObjectID, properties: [String: PropertyValue])] = []
    package var journalEntry: VectorObject
  }

  /// The writers' collections and the journal, where they are not there yet.
  package static func createCollections(in store: Store) throws {
    for writer in 0..<writers {
      _ = try store.collection(collectionName(writer), configuration(writer))
    }
    _ = try store.collection(journal, StoreFixture.configuration(dimensions: 4, metric: .dot))
  }

  package static func collectionName(_ writer: Int) -> String { "writer-\(writer)" }

  package static func configuration(_ writer: Int) -> CollectionConfiguration {
    StoreFixture.configuration(dimensions: dimensions, metric: metrics[writer % metrics.count])
  }

  /// Batch `number` (from 1) of a writer.
  package func batch(_ number: UInt64, writer: Int) -> Batch {
    var random = SeededGenerator(
      seed: seed &+ number &* 0x1_0000_0001_B3 &+ UInt64(writer) &* 0x9E37_79B9)
    var batch = Batch(
      journalEntry: VectorObject(
        id: .int(Int64(writer)), vector: nil, properties: ["batch": .int(Int64(number))]))
    if number <= size.fillBatches {
      let first = (Int(number) - 1) * size.fillRows
      for id in first..<(first + size.fillRows) {
        batch.upserts.append(object(.int(Int64(id)), number, &random, writer))
      }
      return batch
    }
    let most = Int.random(in: 0..<10, using: &random) == 0 ? 60 : 6
    for _ in 0..<Int.random(in: 1...most, using: &random) {
      batch.upserts.append(object(id(&random), number, &random, writer))
    }
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      batch.deletes.append(id(&random))
    }
    // Only what this batch has just written is sure to be there.
    for object in batch.upserts.prefix(2) where !batch.deletes.contains(object.id) {
      batch.updates.append((object.id, ["batch": .int(Int64(number)), "updated": true]))
    }
    return batch
  }

  private func id(_ random: inout SeededGenerator) -> ObjectID {
    .int(Int64.random(in: 0..<Int64(size.idRange), using: &random))
  }

  private func object(
    _ id: ObjectID, _ number: UInt64, _ random: inout SeededGenerator, _ writer: Int
  ) -> VectorObject {
    let metric = Self.metrics[writer % Self.metrics.count]
    return VectorObject(
      id: id,
      vector: VectorMaker.vector(Self.dimensions, metric: metric, using: &random),
      properties: [
        "batch": .int(Int64(number)), "n": .int(Int64.random(in: 0..<9, using: &random)),
      ])
  }

  /// Applies a batch to a store, as one commit.
  package func apply(_ batch: Batch, writer: Int, to store: Store) throws {
    let collection = try store.collection(Self.collectionName(writer))
    let journal = try store.collection(Self.journal)
    try store.write { changes in
      try changes.upsert(batch.upserts, into: collection)
      try changes.delete(ids: batch.deletes, from: collection)
      for update in batch.updates {
        try changes.updateProperties(of: update.id, to: update.properties, in: collection)
      }
      try changes.upsert([batch.journalEntry], into: journal)
    }
  }

  /// Applies a batch to a writer's model.
  package func apply(_ batch: Batch, to model: inout ModelCollection) {
    model.upsert(batch.upserts)
    model.delete(batch.deletes)
    for update in batch.updates { model.updateProperties(of: update.id, to: update.properties) }
  }
}
