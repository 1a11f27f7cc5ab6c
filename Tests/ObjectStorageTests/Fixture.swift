import ObjectStorage
import StorageIO
import TestSupport

/// Options with a map small enough for tests.
func testOptions(
  mapSize: Int = 64 << 20, configure: (inout EnvironmentOptions) -> Void = { _ in }
) -> EnvironmentOptions {
  var options = EnvironmentOptions()
  options.mapSize = mapSize
  options.maxDatabases = 32
  configure(&options)
  return options
}

/// An environment with one collection, number 1, in a directory of its own.
struct Fixture {
  let directory: TemporaryDirectory
  let environment: LMDBEnvironment
  let tables: CollectionTables

  init(options: EnvironmentOptions = testOptions()) throws(StoreError) {
    directory = try TemporaryDirectory()
    environment = try LMDBEnvironment.open(directory: directory.path, options: options)
    tables = try environment.write { (transaction) throws(StoreError) in
      try CollectionTables.create(number: 1, in: transaction)
    }
  }
}

extension TemporaryDirectory {
  /// LMDB's data file.
  var dataPath: String { file("data.mdb") }
}

extension VectorTable {
  /// Stores an array as an original.
  func put(
    _ vector: [Float], docID: UInt64, append: Bool = true, in transaction: WriteTransaction
  ) throws(StoreError) {
    try vector.withRawBytesOfFloats { (pointer) throws(StoreError) in
      try put(pointer, docID: docID, append: append, in: transaction)
    }
  }

  /// Reads an original as an array.
  func get(_ docID: UInt64, in transaction: Transaction) throws(StoreError) -> [Float]? {
    let dimensions = byteCount / 4
    let target = UnsafeMutablePointer<Float>.allocate(capacity: dimensions)
    defer { target.deallocate() }
    target.initialize(repeating: 0, count: dimensions)
    let found = try read(docID, in: transaction, into: target)
    return found ? Array(UnsafeBufferPointer(start: target, count: dimensions)) : nil
  }

  /// All DocIDs that have an original, in order.
  func docIDs(in transaction: Transaction) throws(StoreError) -> [UInt64] {
    var found: [UInt64] = []
    try forEachDocID(in: transaction) { docID in
      found.append(docID)
      return true
    }
    return found
  }

  /// Reads several originals by the path that rescoring takes.
  func get(_ docIDs: [UInt64], in transaction: Transaction) throws(StoreError) -> [[Float]] {
    let dimensions = byteCount / 4
    let count = docIDs.count * dimensions
    let rows = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
    defer { rows.deallocate() }
    rows.initialize(repeating: 0, count: max(1, count))
    try docIDs.withPointer { (ids) throws(StoreError) in
      try read(ids, in: transaction, into: rows, byteStride: byteCount)
    }
    return docIDs.indices.map { row in
      Array(UnsafeBufferPointer(start: rows + row * dimensions, count: dimensions))
    }
  }
}

extension [UInt64] {
  /// Lends the elements with a typed error.
  func withPointer(
    _ body: (UnsafeBufferPointer<UInt64>) throws(StoreError) -> Void
  ) throws(StoreError) {
    let outcome = withUnsafeBufferPointer { buffer -> Result<Void, StoreError> in
      do throws(StoreError) { return .success(try body(buffer)) } catch { return .failure(error) }
    }
    try outcome.get()
  }
}

extension [Float] {
  /// Lends the elements with a typed error.
  func withRawBytesOfFloats<Result>(
    _ body: (UnsafePointer<Float>) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let outcome = withUnsafeBufferPointer { buffer -> Swift.Result<Result, StoreError> in
      guard let base = buffer.baseAddress else {
        return .failure(StoreError(.invalidArgument, "an empty vector"))
      }
      do throws(StoreError) { return .success(try body(base)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }
}

/// Runs `body` and returns the code of the error it throws, or nil.
func errorCode(_ body: () throws -> Void) -> StoreError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? StoreError)?.code
  }
}
