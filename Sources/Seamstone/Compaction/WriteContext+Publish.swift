import ObjectStorage
import StorageIO
import VectorIndexes

extension WriteContext {
  /// Swaps a built segment into the manifest, moves the watermark, and removes exactly those delete
  /// records that no published segment contains any more.
  func publish(_ built: FinishedSegment, in number: UInt32) throws(StoreError) {
    let retired = try change(number) { (collection) throws(StoreError) -> [SegmentHandle] in
      let position = try place(of: built, in: collection)
      let old = collection.segments[position].compactMap(\.handle)
      collection.manifest.entries.removeSubrange(position)
      collection.segments.removeSubrange(position)
      let deleted = try settleDeletes(in: built, of: collection)
      if let (entry, handle) = built.segment {
        collection.manifest.entries.insert(entry, at: position.lowerBound)
        collection.segments.insert(
          SegmentView(entry: entry, handle: handle, deleted: deleted), at: position.lowerBound)
      }
      if built.isSeal {
        collection.manifest.watermark = built.interval.upperBound
        collection.tail.dropThrough(built.interval.upperBound)
      }
      try storeManifest(of: collection)
      try keepArtifacts(of: collection, adding: built.artifacts)
      try endConversion(of: &collection)
      return old
    }
    retire(retired)
  }

  /// Accepts writes again when every segment is as the configuration wants it, in the transaction that
  /// publishes the last of them. There is nothing to go back to from then on.
  private func endConversion(of collection: inout CollectionState) throws(StoreError) {
    let isNoted = collection.refusal.conversion != nil || collection.conversion.origin != nil
    guard isNoted, !collection.isConverting else { return }
    collection.refusal.conversion = nil
    collection.conversion.origin = nil
    try storeDefinition(of: collection)
  }

  /// Gives up the conversion that the collection had when a job failed: index and encoding are what they were
  /// before it, and writes are accepted again. What was converted already is converted back. Does nothing if
  /// something else is wanted by now.
  func giveUpConversion(
    of failed: CollectionState, because error: StoreError
  ) throws(StoreError) {
    guard let now = state.collections[failed.number], let origin = now.conversion.origin,
      now.configuration.wantsSameSegments(as: failed.configuration)
    else { return }
    try change(failed.number) { (collection) throws(StoreError) in
      let wanted = collection.configuration
      collection.configuration.index = origin.configuration.index
      collection.configuration.encoding = origin.configuration.encoding
      collection.configuration.transform = origin.configuration.transform
      // What only searches obey stays as it is now.
      switch (collection.configuration.index, wanted.index) {
      case (.hnsw(var graph), .hnsw(let other)):
        graph.ef = other.ef
        collection.configuration.index = .hnsw(graph)
      case (.annoy(var forest), .annoy(let other)):
        forest.searchK = other.searchK
        collection.configuration.index = .annoy(forest)
      case (.ivf(var lists), .ivf(let other)):
        lists.probes = other.probes
        collection.configuration.index = .ivf(lists)
      case (.hash(var buckets), .hash(let other)):
        buckets.flips = other.flips
        collection.configuration.index = .hash(buckets)
      default: break
      }
      if let settings = origin.settings {
        collection.weaviateClass = try collection.weaviateClass?.having(settings)
          .adopting(collection.configuration)
      }
      collection.refusal.conversion = nil
      let target = "\(wanted.index.name), \(wanted.encoding.name)"
      collection.conversion = Conversion(
        failure: "The conversion to \(target) was given up: \(error)")
      try storeDefinition(of: collection)
    }
  }

  /// Takes segments without live rows out of the manifest.
  func drop(segments numbers: [UInt64], from number: UInt32) throws(StoreError) {
    for segment in numbers {
      guard let collection = state.collections[number],
        let view = collection.segments.first(where: { $0.entry.number == segment }),
        view.liveCount <= 0
      else { continue }
      try publish(
        FinishedSegment(
          interval: view.entry.firstDocID...view.entry.lastDocID, replaced: [segment],
          isSeal: false, segment: nil), in: number)
    }
  }

  /// Where the built segment goes. What it replaces must still be there, side by side.
  private func place(
    of built: FinishedSegment, in collection: CollectionState
  ) throws(StoreError) -> Range<Int> {
    let numbers = collection.manifest.entries.map(\.number)
    if built.isSeal {
      guard built.interval.lowerBound > collection.manifest.watermark else {
        throw StoreError.jobOvertaken
      }
      return numbers.count..<numbers.count
    }
    guard let first = built.replaced.first, let start = numbers.firstIndex(of: first),
      start + built.replaced.count <= numbers.count,
      Array(numbers[start..<(start + built.replaced.count)]) == built.replaced
    else { throw StoreError.jobOvertaken }
    return start..<(start + built.replaced.count)
  }

  private func settleDeletes(
    in built: FinishedSegment, of collection: CollectionState
  ) throws(StoreError) -> RowSet? {
    var rows: RowSet?
    var obsolete: [UInt64] = []
    try collection.tables.deleted.forEach(docIDs: built.interval, in: transaction) { docID, _ in
      if let segment = built.segment, let row = segment.handle.index.ordinal(ofDocID: docID) {
        if rows == nil { rows = RowSet(capacity: Int(segment.entry.rowCount)) }
        rows?.insert(row)
      } else {
        obsolete.append(docID)
      }
      return true
    }
    for docID in obsolete { try collection.tables.deleted.remove(docID, in: transaction) }
    return rows
  }
}

extension StoreError {
  /// A job's inputs are gone: another job was faster, or the collection was dropped.
  static let jobOvertaken = StoreError(
    .cancelled, "The segments of this job were replaced meanwhile")

  /// Who waited for the compaction does so no longer.
  static let compactionStopped = StoreError(
    .cancelled, "The compaction was cancelled; what it had finished stays",
    remedy: "Nothing is lost: the store's background work, or another compact(), does the rest")
}
