import StorageIO
import TestSupport
import Testing

@testable import ObjectStorage

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Stored values are changed behind LMDB's back, in the closed file.
@Suite struct DamageTests {
  /// Replaces the only occurrence of `pattern` in the file.
  private func replace(_ pattern: [UInt8], by replacement: [UInt8], in path: String) throws {
    let file = try #require(fopen(path, "r+"))
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: ftell(file))
    rewind(file)
    #expect(fread(&bytes, 1, bytes.count, file) == bytes.count)
    let places = bytes.indices.dropLast(pattern.count).filter {
      bytes[$0] == pattern[0] && bytes[$0..<$0 + pattern.count].elementsEqual(pattern)
    }
    let place = try #require(places.first)
    #expect(places.count == 1)
    fseek(file, place, SEEK_SET)
    #expect(fwrite(replacement, 1, replacement.count, file) == replacement.count)
  }

  private func errors(
    after change: (String) throws -> Void,
    _ body: (CollectionTables, ReadTransaction) throws -> Void
  ) throws -> StoreError? {
    let fixture = try Fixture()
    let vectors = fixture.tables.vectors(dimensions: 384)
    try fixture.environment.write { (transaction) throws(StoreError) in
      for docID in 1...9 as ClosedRange<UInt64> {
        let row = (0..<384).map { Float(docID) * 1000 + Float($0) }
        try vectors.put(row, docID: docID, in: transaction)
        try fixture.tables.objects.put(
          StoredObject(id: .int(Int64(docID)), properties: ["name": .string("name-\(docID)-")]),
          docID: docID, in: transaction)
        try fixture.tables.ids.put(.string("id-\(docID)-"), docID: docID, in: transaction)
      }
    }
    try fixture.environment.close()
    try change(fixture.directory.dataPath)
    let environment = try LMDBEnvironment.open(
      directory: fixture.directory.path, options: testOptions())
    let tables = try CollectionTables.open(number: 1, in: environment)
    let transaction = try environment.beginRead()
    defer { transaction.end() }
    do {
      try body(tables, transaction)
      return nil
    } catch {
      return error as? StoreError
    }
  }

  private func floatBytes(_ value: Float) -> [UInt8] {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
  }

  @Test(arguments: [0, 150, 250, 383])
  func aFlippedBitInAnOriginalIsFound(component: Int) throws {
    let value = Float(5000 + component)
    var changed = floatBytes(value)
    changed[1] ^= 0x10
    for useList in [false, true] {
      let error = try errors {
        try replace(floatBytes(value), by: changed, in: $0)
      } _: { tables, transaction in
        let vectors = tables.vectors(dimensions: 384)
        #expect(try vectors.get(4, in: transaction)?[383] == 4383)
        if useList {
          _ = try vectors.get([4, 5, 6], in: transaction)
        } else {
          _ = try vectors.get(5, in: transaction)
        }
      }
      #expect(error?.code == .corruption)
      #expect(error?.location?.section == "1.vectors")
      #expect(
        error?.message.contains("5 part \(component < 192 ? 0 : 1)") == true, "\(error as Any)")
    }
  }

  @Test func aScanFindsAFlippedBit() throws {
    var changed = floatBytes(5001)
    changed[0] ^= 1
    var seen = 0
    let error = try errors {
      try replace(floatBytes(5001), by: changed, in: $0)
    } _: { tables, transaction in
      try tables.vectors(dimensions: 384).forEach(in: transaction) { (_, _) throws(StoreError) in
        seen += 1
        return true
      }
    }
    #expect(error?.code == .corruption)
    #expect(seen == 4)
  }

  @Test func aValueUnderAnotherKeyIsFound() throws {
    // The changed key keeps its place in the order of keys.
    let error = try errors {
      try replace(Array("id-3-".utf8) + [3, 0], by: Array("id-3.".utf8), in: $0)
    } _: { tables, transaction in
      #expect(try tables.ids.docID(for: .string("id-3-"), in: transaction) == nil)
      _ = try tables.ids.docID(for: .string("id-3."), in: transaction)
    }
    #expect(error?.code == .corruption)
  }

  @Test(arguments: [0, 1])
  func aMissingPartIsFound(part: UInt64) throws {
    let fixture = try Fixture()
    let vectors = fixture.tables.vectors(dimensions: 384)
    try fixture.environment.write { (transaction) throws(StoreError) in
      for docID in 1...9 as ClosedRange<UInt64> {
        try vectors.put([Float](repeating: Float(docID), count: 384), docID: docID, in: transaction)
      }
      try vectors.table.remove(5 << 8 | part, in: transaction)
    }
    try fixture.environment.read { (transaction) throws(StoreError) in
      let scan = errorCode {
        try vectors.forEach(in: transaction) { (docID, row) throws(StoreError) in
          #expect(row.load(fromByteOffset: 383 * 4, as: Float.self) == Float(docID))
          return true
        }
      }
      #expect(scan == .corruption)
      #expect(errorCode { _ = try vectors.get([4, 5, 6], in: transaction) } == .corruption)
      if part == 1 {
        #expect(errorCode { _ = try vectors.get(5, in: transaction) } == .corruption)
      }
    }
  }

  @Test func damagedObjectsAndIDsAreFound() throws {
    let object = try errors {
      try replace(Array("name-3-".utf8), by: Array("nome".utf8), in: $0)
    } _: { tables, transaction in
      #expect(try tables.objects.get(2, in: transaction) != nil)
      _ = try tables.objects.get(3, in: transaction)
    }
    #expect(object?.code == .corruption)
    #expect(object?.location?.section == "1.objects")

    let id = try errors {
      try replace(Array("id-3-".utf8) + [3, 0], by: Array("id-3-".utf8) + [4, 0], in: $0)
    } _: { tables, transaction in
      _ = try tables.ids.docID(for: .string("id-3-"), in: transaction)
    }
    #expect(id?.code == .corruption)
    #expect(id?.location?.section == "1.ids")
  }

  @Test func anotherDimensionIsAnErrorAndNotAnOverrun() throws {
    for dimensions in [1, 100, 383, 385, 1024] {
      let error = try errors { _ in
      } _: { tables, transaction in
        _ = try tables.vectors(dimensions: dimensions).get(5, in: transaction)
      }
      #expect(error?.code == .corruption, "\(dimensions)")
      let scan = try errors { _ in
      } _: { tables, transaction in
        try tables.vectors(dimensions: dimensions).forEach(in: transaction) {
          (_, _) throws(StoreError) in
          true
        }
      }
      #expect(scan?.code == .corruption, "\(dimensions)")
    }
  }

  @Test func foreignAndTruncatedFilesAreErrors() throws {
    for (bytes, codes) in [
      ([UInt8](repeating: 0x5A, count: 20000), [StoreError.Code.foreignFile]),
      ([1, 2, 3], [.foreignFile, .corruption]),
    ] {
      let directory = try TemporaryDirectory()
      let file = try #require(fopen(directory.dataPath, "w"))
      fwrite(bytes, 1, bytes.count, file)
      fclose(file)
      let code = errorCode {
        _ = try LMDBEnvironment.open(directory: directory.path, options: testOptions())
      }
      #expect(code.map { codes.contains($0) } == true, "\(code as Any)")
    }
  }

  /// The first record of the list of free pages, as the newest meta page names it: where its value lies.
  private func freeList(_ path: String) throws -> Int {
    let bytes = try PosixFileSystem().openFile(path)
    defer { bytes.close() }
    func word(_ place: Int) throws -> Int {
      try bytes.readBytes(8, at: place).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let meta = try [0, 4096].max { try word($0 + 128 + 16) < word($1 + 128 + 16) } ?? 0
    let leaf = try word(meta + 16 + 24 + 40) * 4096
    let node = leaf + (try word(leaf + 16) & 0xFFFF)
    return node + 16
  }

  @Test(arguments: [UInt64.max, 1 << 63, 1 << 62, 4_000, 600])
  func aDamagedListOfFreePagesIsAnError(length: UInt64) throws {
    let fixture = try Fixture()
    for round in 0..<3 {
      try fixture.environment.write { (transaction) throws(StoreError) in
        let vectors = fixture.tables.vectors(dimensions: 384)
        for docID in 1...20 as ClosedRange<UInt64> {
          if round == 0 {
            try vectors.put([Float](repeating: 1, count: 384), docID: docID, in: transaction)
          } else {
            _ = try vectors.remove(docID, in: transaction)
          }
        }
      }
    }
    #expect(try fixture.environment.statistics().freePages > 0)
    try fixture.environment.close()
    let path = fixture.directory.dataPath
    let place = try freeList(path)
    let file = try #require(fopen(path, "r+"))
    fseek(file, place, SEEK_SET)
    let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) }
    #expect(fwrite(bytes, 1, 8, file) == 8)
    fclose(file)
    let environment = try LMDBEnvironment.open(
      directory: fixture.directory.path, options: testOptions())
    defer { try? environment.close() }
    #expect(errorCode { _ = try environment.statistics() } == .corruption)
  }

  /// `MDB_CORRUPTED`, `MDB_PAGE_NOTFOUND`, `MDB_BAD_TXN`, `MDB_CURSOR_FULL`, `MDB_INCOMPATIBLE`.
  @Test(arguments: [-30796, -30797, -30782, -30787, -30784] as [Int32])
  func whatLMDBSaysOfDamagedPagesIsCorruption(number: Int32) {
    let error = StoreError.lmdb("call", number, at: .init(path: "data.mdb"))
    #expect(error.code == .corruption && error.remedy != nil)
  }

  @Test(arguments: [1, 2, 5])
  func aFileThatLostPagesIsRefused(lost: Int) throws {
    let fixture = try Fixture()
    try fixture.environment.write { (transaction) throws(StoreError) in
      let vectors = fixture.tables.vectors(dimensions: 384)
      for docID in 1...99 as ClosedRange<UInt64> {
        try vectors.put([Float](repeating: 1, count: 384), docID: docID, in: transaction)
      }
    }
    try fixture.environment.close()
    let length = try PosixFileSystem().length(fixture.directory.dataPath)
    #expect(truncate(fixture.directory.dataPath, length - lost * 4096) == 0)
    let code = errorCode {
      _ = try LMDBEnvironment.open(directory: fixture.directory.path, options: testOptions())
    }
    #expect(code == .corruption)
  }
}
