import StorageIO

/// The states of an index that is built once.
extension WriteContext {
  /// Refuses changes from now on: what is there is going to be built.
  func beginBuild(_ number: UInt32) throws(StoreError) {
    try write(number) { (collection) throws(StoreError) in
      collection.stage = .building
      try storeDefinition(of: collection)
    }
  }

  /// Accepts changes again, since the index could not be built.
  func abandonBuild(_ number: UInt32) throws(StoreError) {
    try change(number) { (collection) throws(StoreError) in
      guard collection.stage == .building else { return }
      collection.stage = .loading
      try storeDefinition(of: collection)
    }
  }

  /// Notes that the index is built, if it is.
  func endBuild(_ number: UInt32) throws(StoreError) {
    try change(number) { (collection) throws(StoreError) in
      guard collection.indexStage == .building, collection.tail.rowCount == 0,
        collection.segments.count <= 1, !collection.isConverting
      else { return }
      collection.stage = .built
      try storeDefinition(of: collection)
    }
  }
}
