import ObjectStorage
import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Segments whose `data.mdb` is gone are never taken for the leftovers of a new store.
@Suite struct LostDataTests {
  private static let options: [StoreOptions] = [false, true].flatMap { isReadOnly in
    [false, true].map { mayCreate in
      var options = StoreFixture.options()
      options.readOnly = isReadOnly
      options.createIfMissing = mayCreate
      return options
    }
  }

  /// A closed store with segments, to whose data file something has happened.
  private func store(after change: (String) throws -> Void) throws -> StoreBench {
    let bench = try StoreBench(seed: 161)
    try bench.fill(200)
    bench.store.close()
    try #require(try !bench.files().isEmpty)
    try change(StorePaths(bench.path.string).data)
    return bench
  }

  private func code(_ bench: StoreBench, _ options: StoreOptions) -> StoreError.Code? {
    do throws(StoreError) {
      try Store.open(at: bench.path, options: options).close()
      return nil
    } catch {
      return error.code
    }
  }

  private func expectRefusal(_ bench: StoreBench, _ place: SourceLocation) throws {
    let files = try bench.files()
    for options in Self.options {
      #expect(code(bench, options) == .corruption, sourceLocation: place)
    }
    #expect(try bench.files() == files, sourceLocation: place)
  }

  @Test func anEmptyDataFileIsRefusedAndNothingIsRemoved() throws {
    let bench = try store { #expect(truncate($0, 0) == 0) }
    try expectRefusal(bench, #_sourceLocation)
  }

  @Test func aMissingDataFileIsRefusedWhereSegmentsAre() throws {
    let bench = try store { #expect(unlink($0) == 0) }
    try expectRefusal(bench, #_sourceLocation)
    // Without segments there is nothing to lose.
    for name in try bench.files() { unlink(bench.segmentDirectory + "/" + name) }
    #expect(Self.options.map { code(bench, $0) } == [.notFound, nil, nil, nil])
  }

  @Test func aDataFileOfNothingIsRefusedWhereSegmentsAre() throws {
    let bench = try store { path in
      unlink(path)
      let environment = try LMDBEnvironment.open(directory: String(path.dropLast(9)))
      try environment.write { (transaction) throws(StoreError) in
        _ = try CollectionTables.create(number: 1, in: transaction)
      }
      try environment.close()
    }
    try expectRefusal(bench, #_sourceLocation)
  }
}
