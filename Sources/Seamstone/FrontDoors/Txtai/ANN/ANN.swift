import ObjectStorage
public import StorageIO
public import SystemPackage

/// An index with the verbs of txtai's ANN interface, so that code written against that ports line by line.
///
/// ```swift
/// let ann = try ANN(TxtaiConfiguration(json: #"{"backend": "hnsw"}"#), at: "vectors.seam")
/// try ann.index(vectors)                      // ids 0, 1, 2, …
/// try ann.append(more)                        // ids go on where they ended
/// try ann.delete([0, 7])
/// let results = try ann.search(queries, limit: 3)   // results[0][0].id, .score
/// ```
///
/// The difference is durability: the index lives in a store from the start, and what ``append(_:)`` and
/// ``delete(_:)`` did survives a crash once they return. What is saved is an ordinary store with the
/// collection ``collectionName``. Ids are never used twice, also not after the last one was deleted. It may be
/// used from any thread; calls block.
public final class ANN: Sendable {
  /// The collection that holds the vectors.
  public static let collectionName = "vectors"

  /// What was configured.
  public let configuration: TxtaiConfiguration
  let path: FilePath
  let options: StoreOptions
  let state = ConditionLock<State?>(nil)

  /// An open index.
  struct State {
    let store: Store
    var collection: Collection
    /// The id of the next vector.
    var offset: Int64
    /// Bits that each component of a vector of numbers is packed into; nil where they are stored as they are.
    var packed: Int?
  }

  /// Prepares an index; nothing is opened or created before ``index(_:)`` or ``load()``.
  /// - Parameters:
  ///   - configuration: The backend and its settings.
  ///   - path: The directory of the store.
  /// - Throws: `invalidConfiguration` or `notSupported` where the configuration cannot be served.
  public init(
    _ configuration: TxtaiConfiguration, at path: FilePath, options: StoreOptions = StoreOptions()
  ) throws(StoreError) {
    // How many trees are as many as fit is known with the vectors.
    let assumed = configuration.backend == .annoy ? configuration.dimensions ?? 64 : nil
    _ = try configuration.collectionConfiguration(dimensions: assumed)
    self.configuration = configuration
    self.path = path
    self.options = options
  }

  /// As the other initialiser, for a path that is a text.
  public convenience init(
    _ configuration: TxtaiConfiguration, at path: String, options: StoreOptions = StoreOptions()
  ) throws(StoreError) {
    try self.init(configuration, at: FilePath(path), options: options)
  }

  deinit { close() }

  /// Live vectors.
  public func count() throws(StoreError) -> Int {
    try withState { (state) throws(StoreError) in try state.collection.statistics().vectorCount }
  }

  /// Runs `body` with the open index, alone.
  func withState<Result>(
    _ body: (inout State) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try state.withLock { (state: inout State?) throws(StoreError) -> Result in
      guard var open = state else {
        throw StoreError(
          .notFound, "The index at \(path) is not open",
          remedy: "Call index with vectors, or load")
      }
      defer { state = open }
      return try body(&open)
    }
  }
}
