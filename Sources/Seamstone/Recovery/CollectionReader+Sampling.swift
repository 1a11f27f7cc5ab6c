import ObjectStorage
import StorageIO
import VectorMath

extension CollectionReader {
  /// Up to `count` different live objects with their vectors, drawn at random DocIDs by `seed`. Objects
  /// behind gaps of deleted ones are drawn a little more often than others.
  func sample(_ count: Int, seed: UInt64) throws(StoreError) -> [VectorObject] {
    let end = Int(clamping: state.counters.nextDocID)
    guard count > 0, end > 1, state.liveVectorCount > 0 else { return [] }
    var random = SeededRandom(seed: seed)
    var chosen: Set<UInt64> = []
    // Where nearly all objects are wanted, many draws hit the same one; four times as many suffice.
    for _ in 0..<min(count * 4, end * 4) where chosen.count < min(count, state.liveVectorCount) {
      if let docID = try firstVector(from: UInt64(1 + random.below(end - 1))) {
        chosen.insert(docID)
      }
    }
    var objects: [VectorObject] = []
    for docID in chosen.sorted() {
      guard let id = try state.tables.objects.objectID(of: docID, in: transaction) else { continue }
      objects.append(try get(id) ?? VectorObject(id: id, value: nil, properties: [:]))
    }
    return objects
  }

  /// The first DocID from `start` on that has a vector, or else the first of all.
  private func firstVector(from start: UInt64) throws(StoreError) -> UInt64? {
    guard let vectors = state.vectors else { return nil }
    var found: UInt64?
    for range in [start...VectorTable.maximumDocID, 0...start] where found == nil {
      try vectors.forEachDocID(docIDs: range, in: transaction) { docID in
        found = docID
        return false
      }
    }
    return found
  }
}

extension Collection {
  /// Up to `count` different objects with their vectors, drawn by `seed`: for measuring recall on
  /// live data.
  package func sample(_ count: Int, seed: UInt64) throws(StoreError) -> [VectorObject] {
    try read { (reader) throws(StoreError) in try reader.sample(count, seed: seed) }
  }
}
