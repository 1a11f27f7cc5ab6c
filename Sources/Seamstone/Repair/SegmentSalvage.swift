import SegmentFiles
import StorageIO
import VectorIndexes
import VectorMath

/// Saves ids and vectors out of the segments of a store whose data file is gone.
///
/// A segment has the ids of its objects, and some encodings keep vectors as they were. It knows neither properties nor
/// which collection it belongs to, nor what was deleted or replaced since it was made. So each becomes a collection of
/// its own, which says so much and no more. Only files whose checksums match are used.
struct SegmentSalvage {
  /// The folder of the old segments.
  let directory: String
  let fileSystem: any FileSystem
  /// Where the objects go.
  let store: Store

  /// What became of a segment.
  enum Outcome {
    case saved(RepairReport.Loss, objects: Int)
    case lost(RepairReport.LostSegment)
  }

  private static let batchSize = 256

  /// Answers what became of each segment, in the order of their numbers.
  func run() throws(StoreError) -> [Outcome] {
    guard try fileSystem.exists(directory) else { return [] }
    let numbers = try fileSystem.list(directory).compactMap { SegmentFileName.parse($0) }
    var outcomes: [Outcome] = []
    for number in numbers.sorted() { outcomes.append(try save(number)) }
    return outcomes
  }

  private func save(_ number: UInt64) throws(StoreError) -> Outcome {
    let path = SegmentFileName.segment(number).path(in: directory)
    let findings = try SegmentVerifier().verify(
      fileSystem: fileSystem, path: path, number: number, deep: true)
    if let finding = findings.first {
      return .lost(.init(segment: number, reason: finding.message))
    }
    let reader: SegmentReader
    let index: SegmentIndex
    do throws(StoreError) {
      reader = try SegmentReader.open(
        fileSystem: fileSystem, directory: directory, number: number)
      index = try SegmentIndex.open(reader)
    } catch {
      return .lost(.init(segment: number, reason: error.message))
    }
    var lost = RepairReport.LostSegment(segment: number, vectors: index.count, reason: "")
    guard index.fidelity != .estimates else {
      lost.reason = "\(index.encodingName) keeps estimates of vectors, not the vectors"
      return .lost(lost)
    }
    guard let ids = ObjectIDColumn(reader) else {
      lost.reason = "it has no ids of objects"
      return .lost(lost)
    }
    return try copy(index, ids, from: number)
  }

  private func copy(
    _ index: SegmentIndex, _ ids: ObjectIDColumn, from number: UInt64
  ) throws(StoreError) -> Outcome {
    let collection = try store.createCollection(
      "recovered-\(number)",
      index.encoding == .bits
        ? CollectionConfiguration(dimensions: index.dimensions, elementType: .bits)
        : CollectionConfiguration(dimensions: index.dimensions, metric: index.metric))
    var loss = RepairReport.Loss(collection: collection.name)
    loss.isConfigurationLost = true
    loss.arePropertiesLost = true
    loss.areLengthsLost = index.fidelity == .directions
    var batch: [VectorObject] = []
    try index.forEachOriginal { (rank, _, vector) throws(StoreError) in
      guard let id = ids.id(ofRank: rank), vector.floats?.allSatisfy(\.isFinite) ?? true else {
        loss.unnamedObjects += 1
        return
      }
      batch.append(VectorObject(id: id, value: vector))
      guard batch.count == Self.batchSize else { return }
      try collection.writeAccepted(batch)
      batch.removeAll(keepingCapacity: true)
    }
    try collection.writeAccepted(batch)
    let count = try collection.count()
    loss.doubtfulObjects = count
    return .saved(loss, objects: count)
  }
}
