import ArgumentParser
import Seamstone

/// The store that a command works on.
struct StoreArguments: ParsableArguments {
  @Argument(help: "The directory of the store.", completion: .directory)
  var store: String

  func validate() throws {
    guard !store.isEmpty else {
      throw ValidationError("The path of the store is empty; give the path of a directory.")
    }
  }

  /// Opens the store for reading, beside a process that writes. Nothing runs in the background: the
  /// process ends with its answer.
  func openForReading(background: Bool = false) throws(StoreError) -> Store {
    try StoreAccess.openForReading(store, background: background)
  }

  /// Opens an existing store for writing.
  func openForWriting(
    background: Bool, verification: StoreOptions.Verification = .quick
  ) throws(StoreError) -> Store {
    try StoreAccess.openForWriting(store, background: background, verification: verification)
  }
}

/// The store and the collection that a command works on.
struct CollectionArguments: ParsableArguments {
  @OptionGroup var location: StoreArguments

  @Argument(help: "The name of the collection.")
  var collection: String
}

/// How stores are opened by commands.
enum StoreAccess {
  /// Opens a store for reading only.
  /// - Parameter background: Whether checksums are checked and rows copied to huge pages meanwhile, as in
  ///   a process that stays; a command that answers once is quicker without.
  static func openForReading(
    _ path: String, background: Bool = false
  ) throws(StoreError) -> Store {
    var options = StoreOptions()
    options.readOnly = true
    options.vectorizers = try ToolVectorizers.registered()
    options.createIfMissing = false
    options.backgroundWork = background ? .automatic : .manual
    return try Store.open(at: FilePath(path), options: options)
  }

  /// Opens a store for writing.
  /// - Parameter background: Whether seals and merges run on the store's own threads; otherwise they
  ///   wait for the next command that runs them.
  /// - Parameter verification: `full` reads every checksum before it answers.
  static func openForWriting(
    _ path: String, background: Bool, createIfMissing: Bool = false,
    verification: StoreOptions.Verification = .quick
  ) throws(StoreError) -> Store {
    var options = StoreOptions()
    options.createIfMissing = createIfMissing
    options.verification = verification
    options.vectorizers = try ToolVectorizers.registered()
    options.backgroundWork = background ? .automatic : .manual
    return try Store.open(at: FilePath(path), options: options)
  }
}
