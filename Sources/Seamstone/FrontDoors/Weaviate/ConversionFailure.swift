import StorageIO

/// What becomes of a conversion that a changed class asked for and that cannot be done: writes are refused while it is
/// tried, so it is not tried for ever.
extension StoreCore {
  /// Builds in a row that may fail for a reason that time does not mend.
  static let hopelessBuilds = 3
  /// Builds in a row that may fail for a full disk and the like; with the pauses between them about a minute.
  static let failedBuilds = 10

  /// Counts a failed build; after too many in a row gives a conversion up.
  func abandonConversion(of number: UInt32, after error: StoreError) {
    guard error.code != .cancelled, error.code != .closed, !isClosing,
      let collection = states.current.collections[number], collection.refusal.conversion != nil
    else { return }
    let mayPass = [.io, .noSpace, .mapFull, .locked].contains(error.code)
    let count = activity.buildFailed(number)
    guard count >= (mayPass ? Self.failedBuilds : Self.hopelessBuilds) else { return }
    let reason = "given up after \(count) attempts: \(error.description)"
    do throws(StoreError) {
      try writer.perform { (context) throws(StoreError) in
        try context.abandonConversion(of: number, because: reason)
      }
    } catch {
      // The next failure tries it again.
      return
    }
    activity.buildSucceeded(number)
    events.emit(
      StoreEvent(kind: .conversionAbandoned, collection: collection.name, message: reason))
  }
}

extension WriteContext {
  /// Gives a collection the index and the encoding that it had before a conversion, and accepts writes again.
  /// Segments that were converted already are converted back in the background.
  func abandonConversion(of number: UInt32, because reason: String) throws(StoreError) {
    try change(number) { (collection) throws(StoreError) in
      guard collection.refusal.conversion != nil else { return }
      if let origin = collection.refusal.origin {
        collection.configuration.index = origin.configuration.index
        collection.configuration.encoding = origin.configuration.encoding
        collection.configuration.filtering = origin.configuration.filtering
        collection.weaviateClass = try collection.weaviateClass?.having(origin.settings)
      }
      collection.refusal.conversion = nil
      collection.refusal.origin = nil
      collection.conversionFailure = reason
      try storeDefinition(of: collection)
    }
  }
}

extension WriteRefusal.Origin {
  /// What a collection is now; nil without a class.
  init?(_ collection: CollectionState) {
    guard let settings = collection.weaviateClass?.index.named else { return nil }
    self.init(configuration: collection.configuration, settings: settings)
  }

  /// The collection as it was.
  func applied(to collection: CollectionState) throws(StoreError) -> CollectionState {
    var earlier = collection
    earlier.configuration = configuration
    earlier.weaviateClass = try collection.weaviateClass?.having(settings)
    return earlier
  }
}
