extension StoreCore {
  /// The kind that a collection asks for and that is not registered.
  func missingIndexKind(of collection: CollectionState) -> String? {
    guard case .custom(let wanted) = collection.configuration.index,
      !options.canIndex(collection.configuration.index)
    else { return nil }
    return wanted.name
  }

  /// Says which collections are searched without their indexes.
  func reportMissingKinds() {
    for collection in states.current.collections.values.sorted(by: { $0.number < $1.number }) {
      guard let name = missingIndexKind(of: collection) else { continue }
      events.emit(
        StoreEvent(
          kind: .indexKindMissing, collection: collection.name,
          message: "The index kind \"\(name)\" is not registered, so every vector is compared. "
            + "Open the store with it in StoreOptions.indexKinds, or choose another kind"))
    }
  }
}
