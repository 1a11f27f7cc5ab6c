import StorageIO

extension Collection {
  /// Indexes a property, so that filters on it need not look at every object.
  ///
  /// Returns when all objects are in the index; other threads can write meanwhile. If the process dies
  /// before that, the store goes on by itself when it is next opened. From then on every write
  /// keeps the index up to date, which costs it some time. Indexing a property twice does nothing.
  ///
  /// - Parameter path: A property, or one of nested objects: `"author.name"`. Lists are indexed by their
  ///   elements. Any mix of types may be indexed.
  public func createPropertyIndex(_ path: PropertyPath) throws(StoreError) {
    guard path.components.reduce(0, { $0 + $1.utf8.count }) <= 4_096 else {
      throw StoreError(
        .invalidArgument, "The path \(path) is longer than 4,096 bytes", remedy: "Use shorter names"
      )
    }
    if try !state({ $0.propertyIndexes.entry(path) != nil }) {
      try core.write { [number] (context) throws(StoreError) in
        try context.addPropertyIndex(path, to: number)
      }
    }
    try PropertyIndexWork(core: core).finish(number)
  }

  /// Removes the index on a property; filters on it work without it.
  /// - Throws: `notFound` if there is none.
  public func dropPropertyIndex(_ path: PropertyPath) throws(StoreError) {
    try core.write { [number] (context) throws(StoreError) in
      try context.dropPropertyIndex(path, of: number)
    }
    try PropertyIndexWork(core: core).finish(number, onlyDropped: true)
  }

  /// The indexes on properties, in the order in which they were made.
  public var propertyIndexes: [PropertyIndex] {
    get throws(StoreError) {
      try state { $0.propertyIndexes.list }
    }
  }
}

extension PropertyIndexRecord {
  /// The indexes that were not dropped, for callers.
  var list: [PropertyIndex] {
    entries.filter { !$0.isDropped }
      .map { PropertyIndex(path: $0.path, isComplete: $0.isComplete) }
  }
}
