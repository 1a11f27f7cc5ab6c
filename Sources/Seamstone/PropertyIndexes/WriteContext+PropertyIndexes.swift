import ObjectStorage
import StorageIO

extension WriteContext {
  /// Notes what a change of one object means for the property indexes. `old` is what was stored, nil for
  /// a new version; `new` what is stored now, nil for a version that is removed.
  func index(
    _ docID: UInt64, from old: StoredObject?, to new: PreparedObject?,
    in collection: inout CollectionState
  ) throws(StoreError) {
    for entry in collection.propertyIndexes.entries
    where docID <= entry.coveredThrough && !entry.isDropped {
      let encoder = entry.encoder
      let before = old.map { encoder.terms(of: $0.properties, id: $0.id, at: entry.path) } ?? []
      let after = new.map { encoder.terms(of: $0.properties, id: $0.id, at: entry.path) } ?? []
      postingChanges[collection.number, default: PostingChanges()]
        .replace(before, by: after, docID: docID)
    }
    if postingChanges[collection.number]?.isLarge == true { try writePostings(of: &collection) }
  }

  /// Writes the changes noted so far. Indexes are made from objects: one whose records are damaged does
  /// not keep an object from being written, it is made anew.
  func writePostings(of collection: inout CollectionState) throws(StoreError) {
    guard var changes = postingChanges.removeValue(forKey: collection.number),
      let table = collection.tables.postings
    else { return }
    let damaged = try changes.write(to: table, in: transaction)
    guard !damaged.isEmpty else { return }
    for number in damaged.sorted() { collection.propertyIndexes.restart(number) }
    try storePropertyIndexes(of: collection)
  }

  // MARK: - Making and dropping

  /// Adds an empty index unless there is one; `extendPropertyIndexes` fills it.
  func addPropertyIndex(_ path: PropertyPath, to number: UInt32) throws(StoreError) {
    try write(number) { (collection) throws(StoreError) in
      try addPropertyIndex(path, to: &collection)
      try storeClass(of: &collection) { $0.indexing(path, true) }
    }
  }

  func addPropertyIndex(
    _ path: PropertyPath, to collection: inout CollectionState
  ) throws(StoreError) {
    guard collection.propertyIndexes.entry(path) == nil else { return }
    guard collection.propertyIndexes.entries.count < PropertyIndexRecord.mostEntries else {
      throw StoreError(
        .invalidArgument,
        "\"\(collection.name)\" has \(PropertyIndexRecord.mostEntries) property indexes",
        remedy: "Drop those that no filter needs")
    }
    if collection.tables.postings == nil {
      collection.tables = try collection.tables.creatingPostings(in: transaction)
    }
    // Without objects there is nothing to be built.
    let isEmpty = collection.counters.objectCount == 0
    collection.propertyIndexes.add(path, coveredThrough: isEmpty ? .max : 0)
    try storePropertyIndexes(of: collection)
  }

  /// Lets an index answer no more; `extendPropertyIndexes` removes its terms.
  func dropPropertyIndex(_ path: PropertyPath, of number: UInt32) throws(StoreError) {
    try write(number) { (collection) throws(StoreError) in
      guard let entry = collection.propertyIndexes.entry(path) else {
        let paths = collection.propertyIndexes.entries.filter { !$0.isDropped }
          .map(\.path.description)
        throw StoreError(
          .notFound, "There is no index on \(path) in \"\(collection.name)\"",
          remedy: paths.isEmpty ? "It has none" : NearestName.remedy(for: "\(path)", among: paths))
      }
      try drop(entry, of: &collection)
      try storeClass(of: &collection) { $0.indexing(path, false) }
    }
  }

  /// Makes all indexes of a collection anew: `extendPropertyIndexes` clears the old ones and fills the new ones.
  func restartPropertyIndexes(of number: UInt32) throws(StoreError) {
    try change(number) { (collection) throws(StoreError) in
      if let table = collection.tables.postings {
        // Records of indexes that do not exist go, too.
        try table.removeAll(in: transaction)
      }
      for entry in collection.propertyIndexes.entries {
        collection.propertyIndexes.restart(entry.number)
      }
      try storePropertyIndexes(of: collection)
    }
  }

  private func drop(
    _ entry: PropertyIndexRecord.Entry, of collection: inout CollectionState
  ) throws(StoreError) {
    collection.propertyIndexes.change(entry.number) { $0.isDropped = true }
    try storePropertyIndexes(of: collection)
  }

  /// Adds and drops indexes as a changed class wants it.
  func changePropertyIndexes(
    of collection: inout CollectionState, adding added: [PropertyPath],
    dropping dropped: [PropertyPath]
  ) throws(StoreError) {
    for path in dropped {
      guard let entry = collection.propertyIndexes.entry(path) else { continue }
      try drop(entry, of: &collection)
    }
    for path in added { try addPropertyIndex(path, to: &collection) }
  }

  /// Lets the class of a collection, if it has one, say what was done without it.
  private func storeClass(
    of collection: inout CollectionState, _ follow: (WeaviateClass) -> WeaviateClass
  ) throws(StoreError) {
    guard let known = collection.weaviateClass else { return }
    let changed = follow(known)
    guard changed != known else { return }
    collection.weaviateClass = changed
    try storeDefinition(of: collection)
  }

  /// Works on the first index that is not finished until about `duration` is over: adds the terms of
  /// more objects, or removes those of a dropped index.
  func extendPropertyIndexes(
    of number: UInt32, for duration: Duration
  ) throws(StoreError) {
    try change(number) { (collection) throws(StoreError) in
      // Dropped ones first: a damaged object stops an index from being made, not one from being removed.
      let unfinished = collection.propertyIndexes.entries.filter { $0.isUnfinished }
      guard let entry = unfinished.first(where: \.isDropped) ?? unfinished.first,
        let table = collection.tables.postings
      else { return }
      // What this transaction noted before must not come after what is read and removed now.
      try writePostings(of: &collection)
      if entry.isDropped {
        let isEmpty = try table.remove(
          prefix: entry.encoder.prefix, limit: 10_000, in: transaction)
        if isEmpty { collection.propertyIndexes.entries.removeAll { $0.number == entry.number } }
      } else {
        if let covered = try extend(entry, of: collection, in: table, for: duration) {
          collection.propertyIndexes.change(entry.number) { $0.coveredThrough = covered }
        } else {
          collection.propertyIndexes.restart(entry.number)
        }
      }
      try storePropertyIndexes(of: collection)
    }
  }

  /// Adds the terms of the objects that follow; answers how far the index reaches then, nil if what it has
  /// so far is damaged.
  private func extend(
    _ entry: PropertyIndexRecord.Entry, of collection: CollectionState, in table: PostingTable,
    for duration: Duration
  ) throws(StoreError) -> UInt64? {
    let end = ContinuousClock.now + duration
    let encoder = entry.encoder
    var covered = UInt64.max
    var count = 0
    var changes = PostingChanges()
    try collection.tables.objects.forEach(
      docIDs: (entry.coveredThrough + 1)...UInt64.max, in: transaction
    ) { (docID, object) throws(StoreError) in
      let terms = encoder.terms(of: object.properties, id: object.id, at: entry.path)
      changes.replace([], by: terms, docID: docID)
      count += 1
      guard changes.isLarge || count % 64 == 0 && ContinuousClock.now >= end else { return true }
      covered = docID
      return false
    }
    return try changes.write(to: table, in: transaction).isEmpty ? covered : nil
  }

  private func storePropertyIndexes(of collection: CollectionState) throws(StoreError) {
    try catalog.put(
      CatalogKey.propertyIndexes(collection.number), collection.propertyIndexes.encoded(),
      in: transaction)
  }
}
