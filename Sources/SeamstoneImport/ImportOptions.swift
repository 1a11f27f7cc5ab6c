public import Seamstone

/// What can be chosen for an import.
public struct ImportOptions: Sendable, Hashable {
  /// A file of JSON lines (plain or compressed by gzip) with the ids and properties of the rows, one line for each row in
  /// their order; nil for none. Indexes of the family `IVF` keep their rows in another order and take none.
  public var objects: FilePath?
  /// The id of the first row of a file whose rows have no ids; the others follow.
  public var startID: Int64
  /// How many rows are committed together, 1 to 1,000,000; fewer where they are long, so that a batch holds at most
  /// about 64 MiB of the file.
  public var batchRows: Int
  /// Whether the index is built before the import is over. An index of the kind `annoy` is read-only from then on
  /// (`Collection.build()`). Without, the store indexes the rows in the background as it does with any others.
  public var indexes: Bool

  /// Creates options.
  public init(
    objects: FilePath? = nil, startID: Int64 = 0, batchRows: Int = 2_000, indexes: Bool = true
  ) {
    self.objects = objects
    self.startID = startID
    self.batchRows = batchRows
    self.indexes = indexes
  }

  func validate() throws(StoreError) {
    guard (1...1_000_000).contains(batchRows) else {
      throw StoreError(
        .invalidArgument, "batchRows is \(batchRows)", remedy: "Give 1 to 1,000,000 rows")
    }
  }
}
