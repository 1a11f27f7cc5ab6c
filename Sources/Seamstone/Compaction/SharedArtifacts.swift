import ObjectStorage
import StorageIO
import VectorIndexes

/// What is trained once for the segments of a collection, transforms and the centroids of inverted lists, lies in its
/// artifacts: under `segment/` and the identifier. Segments have all that searches need; this is where the next one
/// takes it from. So an artifact that is missing or damaged costs a training, and nothing else.
enum SharedArtifacts {
  private static let prefix = Array("segment/".utf8)

  /// The key of an artifact.
  static func key(_ identifier: UInt64) -> [UInt8] {
    prefix + (0..<8).reversed().map { UInt8(truncatingIfNeeded: identifier >> (8 * UInt64($0))) }
  }

  /// An artifact; nil if there is none, or not one that can be read.
  static func read(
    _ identifier: UInt64, from table: BytesTable, in transaction: ReadTransaction
  ) -> SharedArtifact? {
    guard let found = try? table.get(key(identifier), in: transaction) else { return nil }
    return SharedArtifact(identifier: identifier, bytes: found)
  }

  /// Stores artifacts, unless they are there, and removes those that are of no use any more.
  static func update(
    _ table: BytesTable, adding artifacts: [SharedArtifact], keeping used: Set<UInt64>,
    in transaction: WriteTransaction
  ) throws(StoreError) {
    var unused: [[UInt8]] = []
    let wanted = Set(used.map(key))
    try table.forEach(prefix: prefix, in: transaction) { (name, _) throws(StoreError) in
      if !wanted.contains(name) { unused.append(name) }
      return true
    }
    for name in unused { try table.remove(name, in: transaction) }
    for artifact in artifacts where used.contains(artifact.identifier) {
      let name = key(artifact.identifier)
      if try table.get(name, in: transaction) != artifact.bytes {
        try table.put(name, artifact.bytes, in: transaction)
      }
    }
  }
}

extension SegmentJob {
  /// What the largest segments like the one that is to be built were made with: the transform, and what was trained for the
  /// index kind of rows that it made.
  func sharedArtifacts() -> (transform: SharedArtifact?, kind: SharedArtifact?) {
    let plan = collection.configuration.transformPlan(
      dimensions: collection.configuration.dimensions)
    let rawKind = collection.configuration.indexKind.rawKind
    let bySize = collection.segments.compactMap { view in
      view.handle.map { (rows: view.entry.rowCount, index: $0.index) }
    }.sorted { $0.rows > $1.rows }.map(\.index)
    let transformed = bySize.first {
      $0.transform?.plan.isInterchangeable(with: plan) ?? (plan == .none)
    }
    let others = bySize.first {
      $0.kind.rawKind == rawKind
        && $0.transform?.identifier == transformed?.transform?.identifier
    }
    return (read(transformed?.transform?.identifier), read(others?.artifactIdentifier))
  }

  private func read(_ identifier: UInt64?) -> SharedArtifact? {
    guard let identifier else { return nil }
    let table = collection.tables.artifacts
    return try? core.withReadTransaction { (transaction) throws(StoreError) in
      SharedArtifacts.read(identifier, from: table, in: transaction)
    }
  }
}

extension WriteContext {
  /// Keeps what the segments of a collection were made with, and nothing else. While one is missing, nobody knows what
  /// it was made with.
  func keepArtifacts(
    of collection: CollectionState, adding artifacts: [SharedArtifact]
  ) throws(StoreError) {
    guard collection.segments.allSatisfy({ $0.handle != nil }) else { return }
    let used = collection.segments.flatMap { $0.handle?.index.artifactIdentifiers ?? [] }
    try SharedArtifacts.update(
      collection.tables.artifacts, adding: artifacts, keeping: Set(used), in: transaction)
  }
}
