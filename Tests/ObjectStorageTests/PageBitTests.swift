import StorageIO
import TestSupport
import Testing

@testable import ObjectStorage

/// Every bit of sampled pages: a flip is found by the page's form or by a value's checksum, or it changes nothing that
/// can be read.
@Suite struct PageBitTests {
  /// A store with leaves of every kind of table, and a branch.
  private func makePages() throws -> (path: String, keep: Fixture, leaves: [String: [UInt64]]) {
    let fixture = try Fixture()
    let vectors = fixture.tables.vectors(dimensions: 100)
    var random = SeededGenerator(seed: 4)
    try fixture.environment.write { (transaction) throws(StoreError) in
      for docID in 1...120 as ClosedRange<UInt64> {
        let row = (0..<100).map { _ in random.gaussian() }
        try vectors.put(row, docID: docID, in: transaction)
        let noise = String(
          decoding: (0..<150).map { _ in UInt8.random(in: 65...122, using: &random) },
          as: UTF8.self)
        try fixture.tables.objects.put(
          StoredObject(id: .int(Int64(docID)), properties: ["text": .string(noise)]),
          docID: docID, in: transaction)
        try fixture.tables.ids.put(.string("object-\(docID)"), docID: docID, in: transaction)
      }
    }
    try fixture.environment.close()
    let path = fixture.directory.dataPath
    let salvage = try Salvage(fileSystem: PosixFileSystem(), path: path)
    return (path, fixture, salvage.leaves.mapValues(\.reached))
  }

  /// The records that a page gives away, by key.
  private func records(_ page: RawPage, _ seal: TableSeal) -> [[UInt8]: [UInt8]]? {
    var records: [[UInt8]: [UInt8]] = [:]
    for entry in 0..<page.entryCount {
      guard let node = page.node(entry, isBranch: false), !node.isBig,
        let payload = seal.payload(
          key: page.bytes[node.key],
          value: Array(page.bytes[node.data..<node.data + Int(node.size)]))
      else { return nil }
      records[Array(page.bytes[node.key])] = Array(payload)
    }
    return records
  }

  /// Every bit in the long run; its neighbours are no different.
  private static let step = TestSettings.isLong ? 1 : 5

  @Test(arguments: ["1.objects", "1.vectors", "1.ids"])
  func everyBitOfALeafIsFoundOrHarmless(table: String) throws {
    let (path, fixture, leaves) = try makePages()
    let number = try #require(leaves[table].map { $0[$0.count / 2] })
    let file = PageFile(try PosixFileSystem().openFile(path), usualPageSize: 4096)
    let page = try #require(file.page(number))
    let seal = TableSeal(table)
    #expect(page.flaw(expecting: number) == nil)
    let original = try #require(records(page, seal))
    #expect(original.count > 4)
    var byForm = 0
    var byChecksum = 0
    var harmless = 0
    for bit in stride(from: 0, to: page.size * 8, by: Self.step) {
      var changed = page
      changed.bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      if changed.flaw(expecting: number) != nil {
        byForm += 1
      } else if let found = records(changed, seal) {
        harmless += 1
        guard found == original else {
          Issue.record("bit \(bit % 8) of byte \(bit / 8) of \(table) went unnoticed")
          return
        }
      } else {
        byChecksum += 1
      }
    }
    // Nearly all of a full page is values.
    let counts = "\(byForm) \(byChecksum) \(harmless)"
    #expect(byChecksum * Self.step > page.size * 4 && byForm * Self.step > 100, "\(counts)")
    print(
      "\(page.size * 8 / Self.step) bits of a leaf of \(table): \(byForm) found by form, "
        + "\(byChecksum) by checksum, \(harmless) harmless")
    _ = fixture
  }

  /// The whole file: damaged structure is found without LMDB following it.
  @Test func bitsOfBranchesAndListsAreFoundOrHarmless() throws {
    let (path, fixture, leaves) = try makePages()
    let file = try PosixFileSystem().openFile(path)
    let original = try file.readBytes(file.length, at: 0)
    file.close()
    var random = SeededGenerator(seed: 8)
    let wanted = try contents(path)
    let used = Set(leaves.values.joined())
    var found = 0
    for _ in 0..<300 {
      var changed = original
      let page = UInt64.random(in: 0..<UInt64(original.count / 4096), using: &random)
      // Leaves are tried bit by bit elsewhere.
      if used.contains(page) { continue }
      let place = Int(page) * 4096 + Int.random(in: 0..<200, using: &random)
      changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      try write(changed, path)
      if try isDamaged(path) {
        found += 1
      } else {
        #expect(try contents(path) == wanted, "byte \(place % 4096) of page \(page)")
      }
    }
    #expect(found > 15, "\(found)")
    _ = fixture
  }

  private func write(_ bytes: [UInt8], _ path: String) throws {
    let file = try PosixFileSystem().createFile(path, truncating: true)
    try bytes.withRawBytes { (raw) throws(StoreError) in try file.append(raw) }
    try file.close()
  }

  private func isDamaged(_ path: String) throws -> Bool {
    do {
      try DataFileCheck.check(fileSystem: PosixFileSystem(), path: path)
      let directory = String(path.dropLast("/data.mdb".count))
      let environment = try LMDBEnvironment.open(
        directory: directory, options: testOptions { $0.readOnly = true })
      defer { try? environment.close() }
      try environment.verifyStructure()
      return false
    } catch {
      return true
    }
  }

  private func contents(_ path: String) throws -> [String: Int] {
    let directory = String(path.dropLast("/data.mdb".count))
    let environment = try LMDBEnvironment.open(
      directory: directory, options: testOptions { $0.readOnly = true })
    defer { try? environment.close() }
    let tables = try CollectionTables.open(number: 1, in: environment)
    return try environment.read { (transaction) throws(StoreError) in
      var found: [String: Int] = [:]
      try tables.audit(vectors: tables.vectors(dimensions: 100), in: transaction) { damage in
        found["damaged", default: 0] += 1
        _ = damage
      }
      found["objects"] = try tables.objects.count(in: transaction)
      found["ids"] = try tables.ids.count(in: transaction)
      return found
    }
  }
}
