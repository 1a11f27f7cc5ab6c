import StorageIO
import VectorMath

extension StoreError {
  static let storeClosed = StoreError(
    .closed, "The store was closed", remedy: "Open it again with Store.open(at:)")

  static func collectionNotFound(_ name: String, existing: [String]) -> StoreError {
    StoreError(
      .notFound, "There is no collection \"\(name)\"",
      remedy: existing.isEmpty
        ? "The store has no collections yet; create one with Store.collection(_:_:)"
        : "The store has: " + existing.sorted().joined(separator: ", "))
  }

  static func collectionDropped(_ name: String) -> StoreError {
    StoreError(.closed, "The collection \"\(name)\" was dropped")
  }

  static func readOnlyStore(_ path: String) -> StoreError {
    StoreError(
      .readOnly, "The store is open for reading only", at: Location(path: path),
      remedy: "Open it without StoreOptions.readOnly; only one process can write at a time")
  }

  /// - Parameter isPassing: Whether it accepts writes again by itself.
  static func readOnlyCollection(
    _ name: String, because reason: String?, isPassing: Bool
  ) -> StoreError {
    StoreError(
      .readOnly,
      "store is read-only\(reason.map { " due to: \($0)" } ?? "") (collection \"\(name)\")",
      remedy: isPassing
        ? "Searches go on; write again when Collection.status() is READY"
        : "Set it back with Collection.setReadOnly(false)")
  }

  /// - Parameter kind: The name of an index kind that is built once.
  static func builtIndex(of collection: String, kind: String) -> StoreError {
    StoreError(
      .readOnly,
      "The index of \"\(collection)\" is built, and one of the kind \(kind) takes no changes",
      remedy: "Give it another kind with reconfigure (`seamstone reindex --index hnsw`): it takes "
        + "changes from then on, and may come back and be built anew")
  }

  static func wrongDimensions(
    _ count: Int, expected: Int, collection: String, what: String
  ) -> StoreError {
    StoreError(
      .dimensionMismatch,
      "\(what) has \(count) dimensions, the collection \"\(collection)\" has \(expected)",
      remedy: "Use vectors of \(expected) components, or another collection")
  }

  static func wrongElementType(
    _ type: ElementType, expected: ElementType, collection: String, what: String
  ) -> StoreError {
    func text(_ type: ElementType) -> String { type == .bits ? "packed bits" : "numbers" }
    return StoreError(
      .invalidArgument,
      "\(what) is made of \(text(type)), the collection \"\(collection)\" of \(text(expected))",
      remedy: expected == .bits
        ? "Give packed bits: VectorValue.bits, or VectorValue.packed to make them of numbers"
        : "Give numbers: VectorValue.floats, or an array of Float")
  }

  static func negativeLimit(_ limit: Int) -> StoreError {
    StoreError(.invalidArgument, "The limit is \(limit)", remedy: "Ask for 0 or more results")
  }

  static func notFinite(_ value: Float, component: Int, what: String) -> StoreError {
    StoreError(
      .invalidArgument, "\(what) has \(value) at component \(component)",
      remedy: "Every component must be a finite number")
  }
}
