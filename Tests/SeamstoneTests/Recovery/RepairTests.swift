import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import ObjectStorage
@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Whatever is damaged, `verify` says so with a remedy, and `repair` ends with a sound store that has lost no more
/// than it says.
@Suite struct RepairTests {
  /// How a page is destroyed.
  enum Blow: CaseIterable {
    case zeros, noise, header

    func strike(_ page: inout ArraySlice<UInt8>, _ random: inout SeededGenerator) {
      switch self {
      case .zeros: for index in page.indices { page[index] = 0 }
      case .noise:
        for index in page.indices { page[index] = UInt8.random(in: 0...255, using: &random) }
      case .header: for index in page.indices.prefix(16) { page[index] ^= 0x55 }
      }
    }
  }

  private func repair(_ store: DamagedStore, _ what: String) throws -> RepairReport {
    let found = try Store.verify(at: store.path, deep: true).findings
    if found.isEmpty { throw ModelMismatch("\(what): nothing was found") }
    for finding in found where finding.remedy.isEmpty {
      throw ModelMismatch("\(what): no remedy for \(finding)")
    }
    let report = try Store.repair(at: store.path)
    guard report.isSound else { throw ModelMismatch("\(what): \(report.verification.findings)") }
    do {
      try store.check(report)
    } catch {
      throw ModelMismatch("\(what): \(error); \(report.losses)")
    }
    guard try Store.repair(at: store.path).findings.isEmpty else {
      throw ModelMismatch("\(what): a second repair finds something")
    }
    return report
  }

  @Test(arguments: Blow.allCases)
  func leavesOfIDsAndBranchesAreMadeAgain(blow: Blow) throws {
    let tables = ["1.ids", "2.deleted", "1.objects", "2.vectors"]
    // Every table, by one blow or two.
    for (seed, table) in tables.enumerated()
    where blow == .noise || (seed % 2 == 0) == (blow == .zeros) {
      let store = try DamagedStore(seed: UInt64(seed))
      let leaves = try store.leaves(of: table)
      let isBranch = table.hasSuffix("objects") || table.hasSuffix("vectors")
      let page = isBranch ? try store.branch(above: leaves) : leaves.randomElement()
      try store.damage(page: try #require(page)) { blow.strike(&$0, &store.random) }
      let report = try repair(store, "\(blow) to \(table)")
      // All of it is somewhere else, too.
      #expect(report.losses.isEmpty, "\(table)")
      let aside = try #require(report.movedAside)
      #expect(try PosixFileSystem().exists(aside.string + "/data.mdb"))
    }
  }

  @Test(arguments: Blow.allCases)
  func aLeafOfObjectsTakesOnlyItsObjects(blow: Blow) throws {
    let store = try DamagedStore(seed: 5)
    let page = try store.leaves(of: "1.objects")[3]
    try store.damage(page: page) { blow.strike(&$0, &store.random) }
    let report = try repair(store, "\(blow)")
    // A damaged header leaves the records, whose checksums vouch for them.
    let lost = report.losses.first?.objects.count ?? 0
    if blow == .header {
      #expect(report.losses.isEmpty)
    } else {
      #expect((1...40).contains(lost) && report.losses.first?.collection == "left", "\(lost)")
    }
    #expect(report.losses.allSatisfy { $0.unnamedObjects == 0 && $0.vectors.isEmpty })
  }

  @Test(arguments: [Blow.zeros, .noise])
  func aLeafOfOriginalsTakesOnlyVectors(blow: Blow) throws {
    let store = try DamagedStore(seed: 6)
    let page = try store.leaves(of: "2.vectors")[2]
    try store.damage(page: page) { blow.strike(&$0, &store.random) }
    let loss = try #require(try repair(store, "\(blow)").losses.first)
    #expect(loss.collection == "right" && loss.objects.isEmpty && loss.unnamedObjects == 0)
    #expect((1...20).contains(loss.vectors.count))
  }

  /// The catalog is written with every commit: its last version but one is still among the free pages.
  @Test(arguments: Blow.allCases)
  func theCatalogIsFoundAgain(blow: Blow) throws {
    let store = try DamagedStore(seed: 7)
    let page = try #require(try store.leaves(of: "catalog").first)
    try store.damage(page: page) { blow.strike(&$0, &store.random) }
    let report = try repair(store, "\(blow)")
    #expect(report.losses.isEmpty)
    let opened = try Store.open(at: store.path, options: StoreFixture.options())
    #expect(try opened.collectionNames() == ["left", "right"])
    #expect(try opened.collection("right").configuration().metric == .cosine)
    #expect(
      try opened.collection("left").propertyIndexes == [PropertyIndex(path: "n", isComplete: true)])
    opened.close()
  }

  @Test func metaPagesAndTheListOfTablesCanBeLost() throws {
    for (seed, pages) in [[0], [1], [0, 1]].enumerated() {
      let store = try DamagedStore(seed: UInt64(20 + seed))
      for page in pages {
        try store.damage(page: UInt64(page)) { Blow.zeros.strike(&$0, &store.random) }
      }
      let found = try Store.verify(at: store.path).findings
      #expect(found.count == 1 && found.first?.part == .database, "\(found)")
      // With both gone nothing says which pages are free: what is found may be older, and is told so.
      if pages.count < 2 {
        _ = try repair(store, "meta \(pages)")
      } else {
        let report = try Store.repair(at: store.path)
        #expect(report.isSound && (report.salvagedObjects ?? 0) >= 420)
      }
    }
    let store = try DamagedStore(seed: 24)
    let data = try PosixFileSystem().openFile(store.paths.data)
    let meta = try #require(PageFile(data, usualPageSize: store.pageSize).metas.first)
    try store.damage(page: meta.main.root) { Blow.zeros.strike(&$0, &store.random) }
    #expect(try repair(store, "main").losses.isEmpty)
  }

  /// One bit in a value: found by its checksum, and named by collection, key and remedy.
  @Test func aFlippedBitInAValueIsNamedAndMended() throws {
    for (round, table) in ["1.objects", "1.vectors", "1.ids", "2.objects"].enumerated() {
      let store = try DamagedStore(seed: UInt64(30 + round), count: 100)
      let page = try #require(try store.leaves(of: table).randomElement(using: &store.random))
      var key: [UInt8] = []
      let bit = Int.random(in: 0..<8, using: &store.random)
      try store.damage(page: page) { bytes in
        let raw = RawPage(bytes: Array(bytes))
        guard let node = raw.node(raw.entryCount / 2, isBranch: false), !node.isBig else { return }
        key = Array(raw.bytes[node.key])
        bytes[bytes.startIndex + node.data + Int(node.size) / 2] ^= 1 << UInt8(bit)
      }
      let finding = try #require(try Store.verify(at: store.path, deep: true).findings.first)
      #expect(finding.collection == (table.hasPrefix("1") ? "left" : "right"))
      #expect(finding.part == .records && finding.remedy.contains("seamstone repair"))
      let number = key.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let name =
        switch table.dropFirst(2) {
        case "vectors": "key \(number >> 8) part"
        case "objects": "key \(number) in \(table), object "
        default: "in 1.ids"
        }
      #expect(finding.message.contains(name), "\(finding.message)")
      _ = try repair(store, table)
    }
  }

  @Test func anyNumberOfBlowsLeavesASoundStore() throws {
    for seed in 50..<56 as Range<UInt64> {
      let store = try DamagedStore(seed: seed, count: 200)
      var bytes = try store.readData()
      let original = bytes
      for _ in 0..<Int.random(in: 1...6, using: &store.random) {
        let page = Int.random(in: 2..<bytes.count / store.pageSize, using: &store.random)
        let place = page * store.pageSize..<(page + 1) * store.pageSize
        let blow = Blow.allCases.randomElement(using: &store.random) ?? .zeros
        var slice = bytes[place]
        blow.strike(&slice, &store.random)
        bytes.replaceSubrange(place, with: slice)
      }
      try DamagedStore.write(bytes, to: store.paths.data)
      let findings = try Store.verify(at: store.path, deep: true).findings
      let report = try Store.repair(at: store.path)
      #expect(report.isSound, "seed \(seed): \(report.verification.findings)")
      #expect(report.findings.isEmpty == findings.isEmpty, "seed \(seed)")
      if !report.findings.isEmpty, let aside = report.movedAside {
        // What was there is kept to the last byte.
        #expect(try DamagedStore.read(aside.string + "/data.mdb") == bytes, "seed \(seed)")
      }
      #expect(original.count == bytes.count)
    }
  }

  @Test func segmentsAndPropertyIndexesAreMadeAgainInPlace() throws {
    let store = try DamagedStore(seed: 8)
    let names = try PosixFileSystem().list(store.paths.segments)
    for (index, name) in names.enumerated() {
      let path = store.paths.segments + "/" + name
      var bytes = try DamagedStore.read(path)
      switch index % 4 {
      case 0: unlink(path)
      case 1: try DamagedStore.write(Array(bytes.prefix(bytes.count / 2)), to: path)
      case 2: try DamagedStore.write(bytes + [0], to: path)
      default:
        bytes[bytes.count / 3] ^= 4
        try DamagedStore.write(bytes, to: path)
      }
    }
    let report = try repair(store, "segments")
    #expect(report.losses.isEmpty && report.movedAside == nil && report.salvagedObjects == nil)
    #expect(Set(report.findings.compactMap(\.segment)).count == names.count)
    // A property index.
    let page = try #require(try store.leaves(of: "1.postings").first)
    try store.damage(page: page) { bytes in
      let raw = RawPage(bytes: Array(bytes))
      guard let node = raw.node(1, isBranch: false) else { return }
      bytes[bytes.startIndex + node.data] ^= 1
    }
    let second = try repair(store, "postings")
    #expect(second.findings.allSatisfy { $0.part == .propertyIndex } && second.movedAside == nil)
  }

  @Test func whatIsMissingIsSaid() throws {
    let store = try DamagedStore(seed: 9, count: 100)
    unlink(store.paths.lock)
    #expect(try Store.verify(at: store.path, deep: true).findings == [])
    unlink(store.paths.data)
    let found = try Store.verify(at: store.path).findings
    #expect(found.count == 1 && found.first?.remedy.contains("seamstone restore") == true)
    try DamagedStore.write([UInt8](repeating: 7, count: 20_000), to: store.paths.data)
    #expect(try Store.verify(at: store.path).findings.count == 1)
    let nowhere = FilePath(store.directory.file("nowhere"))
    #expect(throws: StoreError.self) { try Store.verify(at: nowhere) }
    #expect(throws: StoreError.self) { try Store.repair(at: nowhere) }
  }

  /// Names and configurations are guessed where no version of the catalog is left; objects and vectors are as they were.
  @Test func collectionsAreGuessedWhereTheCatalogIsGone() throws {
    let store = try DamagedStore(seed: 21, count: 100)
    var bytes = try store.readData()
    let file = try PosixFileSystem().openFile(store.paths.data)
    let pages = PageFile(file, usualPageSize: store.pageSize)
    let seal = TableSeal("catalog")
    var struck = 0
    for number in 2..<pages.pageCount {
      guard let page = pages.page(number), page.kind == .leaf,
        SalvageWalk.isSealed(page, pages, by: seal)
      else { continue }
      let start = Int(number) * store.pageSize
      for place in start..<start + store.pageSize { bytes[place] = 0 }
      struck += 1
    }
    file.close()
    #expect(struck > 0)
    try DamagedStore.write(bytes, to: store.paths.data)
    let report = try Store.repair(at: store.path)
    #expect(report.isSound && !report.isDataFileLost, "\(report.verification.findings)")
    #expect(report.losses.map(\.collection).sorted() == ["recovered-1", "recovered-2"])
    #expect(report.losses.allSatisfy { $0.isConfigurationLost })
    let repaired = try Store.open(at: store.path, options: StoreFixture.options())
    defer { repaired.close() }
    for (name, number) in [("left", 1), ("right", 2)] {
      let collection = try repaired.collection("recovered-\(number)")
      #expect(try collection.configuration().dimensions == 96)
      let expected = try #require(store.objects[name])
      #expect(try collection.count() == expected.count)
      for (id, object) in expected { #expect(try collection.get(id) == object) }
    }
  }

  @Test func aStoreThatIsInUseIsNotRepaired() throws {
    let bench = try StoreBench(seed: 3)
    do {
      _ = try Store.repair(at: bench.path)
      Issue.record("it was in use")
    } catch {
      #expect(error.code == .locked)
    }
  }

  /// A repair that dies at any step leaves the damaged store or the sound one; the next one succeeds.
  @Test func anInterruptedRepairCanBeRunAgain() throws {
    let whole = try DamagedStore(seed: 12, count: 100)
    let calls = FaultInjectingFileSystem()
    try strike(whole)
    _ = try StoreRepair(path: whole.path.string, fileSystem: calls).run()
    let interesting = calls.calls.indices.filter { index in
      ["rename", "link", "remove", "syncDirectory", "makeDirectory"].contains {
        calls.calls[index].hasPrefix($0 + " ")
      }
    }
    #expect(interesting.count > 20)
    for index in interesting.enumerated().filter({ $0.offset % 13 == 0 }).map(\.element) {
      let store = try DamagedStore(seed: 12, count: 100)
      try strike(store)
      let broken = FaultInjectingFileSystem(failAt: index, failsForEver: true)
      _ = try? StoreRepair(path: store.path.string, fileSystem: broken).run()
      let report = try Store.repair(at: store.path)
      #expect(
        report.findings.isEmpty || report.isSound, "call \(index): \(calls.calls[index])")
      #expect(try Store.verify(at: store.path, deep: true).findings == [], "call \(index)")
    }
  }

  private func strike(_ store: DamagedStore) throws {
    let page = try #require(try store.leaves(of: "1.ids").first)
    try store.damage(page: page) { Blow.zeros.strike(&$0, &store.random) }
  }
}
