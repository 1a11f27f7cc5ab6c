import ObjectStorage
import StorageIO
import VectorIndexes

/// What is trained once for the segments of a collection, the centroids of inverted lists, lies in its artifacts: under
/// `segment/` and the identifier. Segments have all that searches need; this is where the next one takes it from. So an
/// artifact that is missing or damaged costs a training, and nothing else.
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

  /// Stores an artifact, unless it is there, and removes those that are of no use any more.
  static func update(
    _ table: BytesTable, adding artifact: SharedArtifact?, keeping used: Set<UInt64>,
    in transaction: WriteTransaction
  ) throws(StoreError) {
    var unused: [[UInt8]] = []
    let wanted = Set(used.map(key))
    try table.forEach(prefix: prefix, in: transaction) { (name, _) throws(StoreError) in
      if !wanted.contains(name) { unused.append(name) }
      return true
    }
    for name in unused { try table.remove(name, in: transaction) }
    guard let artifact, used.contains(artifact.identifier) else { return }
    let name = key(artifact.identifier)
    if try table.get(name, in: transaction) != artifact.bytes {
      try table.put(name, artifact.bytes, in: transaction)
    }
  }
}

extension SegmentJob {
  /// What the largest segment of the kind that is to be built was made with.
  func sharedArtifact() -> SharedArtifact? {
    let kind = collection.configuration.indexKind
    let others = collection.segments.filter { $0.handle?.index.kind.rawKind == kind.rawKind }
    guard let largest = others.max(by: { $0.entry.rowCount < $1.entry.rowCount }),
      let identifier = largest.handle?.index.artifactIdentifier
    else { return nil }
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
    of collection: CollectionState, adding artifact: SharedArtifact?
  ) throws(StoreError) {
    guard collection.segments.allSatisfy({ $0.handle != nil }) else { return }
    let used = collection.segments.compactMap { $0.handle?.index.artifactIdentifier }
    try SharedArtifacts.update(
      collection.tables.artifacts, adding: artifact, keeping: Set(used), in: transaction)
  }
}
