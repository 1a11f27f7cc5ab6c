import StorageIO

/// What a collection does and accepts.
public enum CollectionStatus: String, CaseIterable, Sendable {
  /// Everything is indexed as the configuration wants it.
  case ready = "READY"
  /// Mutating calls are refused; searches go on.
  case readOnly = "READONLY"
  /// Segments are being built, or converted, or must be. Everything is accepted.
  case indexing = "INDEXING"
}

extension Collection {
  /// What the collection does and accepts now.
  public func status() throws(StoreError) -> CollectionStatus {
    try state { core.status(of: $0) }
  }

  /// Makes the collection read-only, or ready again; kept across reopening. Ready has no effect on a conversion
  /// that refuses writes until it is over.
  /// - Parameter reason: What errors say while it is read-only.
  /// - Throws: `invalidArgument` for ``CollectionStatus/indexing``, which nobody can set.
  public func setStatus(
    _ status: CollectionStatus, because reason: String? = nil
  ) throws(StoreError) {
    guard status != .indexing else {
      throw StoreError(
        .invalidArgument, "invalid storage status \"\(status.rawValue)\": it cannot be set",
        remedy: "Set \(CollectionStatus.ready.rawValue) or \(CollectionStatus.readOnly.rawValue)")
    }
    try setReadOnly(status == .readOnly, because: reason)
  }
}

extension StoreCore {
  func status(of collection: CollectionState) -> CollectionStatus {
    if collection.readOnlyError != nil { return .readOnly }
    return progress.isBusy(collection.number) || collection.isConverting ? .indexing : .ready
  }
}
