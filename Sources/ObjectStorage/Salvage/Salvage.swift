import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Reads what can still be read of a data file whose pages or values are damaged, without LMDB.
///
/// The trees are walked from the newest meta page as far as they go. Leaves that no walk reaches, because
/// something above them is damaged, are found by looking at every page that is neither reached nor listed as
/// free, and told apart by the checksums of their records. No record is given out whose checksum does not
/// match. The file must not change meanwhile.
package final class Salvage {
  /// Leaves of one table.
  struct Leaves {
    /// Those that were reached from the root, in the order of their keys.
    var reached: [UInt64] = []
    /// Those that were found elsewhere.
    var found: [UInt64] = []
    /// Whether every page from the root down was as it should be.
    var isWhole = true
  }

  let file: PageFile
  private(set) var leaves: [String: Leaves] = [:]
  /// Whether the list of free pages can be relied on. If not, pages that were found may be older versions.
  package private(set) var knowsFreePages = false
  private var used: PageSet
  private var free: PageSet
  private let location: StoreError.Location

  /// The tables of a collection, by the end of their names.
  package static let tableKinds = ["ids", "objects", "vectors", "deleted", "artifacts", "postings"]
  /// Collections whose tables are looked for when nothing says which there are.
  private static let mostUnknownCollections: UInt32 = 64

  /// Looks at every page of a data file.
  package init(fileSystem: any FileSystem, path: String) throws(StoreError) {
    location = .init(path: path)
    file = PageFile(
      try fileSystem.openFile(path), usualPageSize: max(4096, Int(sysconf(Int32(_SC_PAGESIZE)))))
    used = PageSet(pageCount: file.pageCount)
    free = PageSet(pageCount: file.pageCount)
    survey()
  }

  /// Bytes of a page of this file.
  package var pageSize: Int { file.pageSize }

  /// The numbers of the collections that have tables.
  package var collectionNumbers: [UInt32] {
    Set(leaves.keys.compactMap { Self.number(of: $0) }).sorted()
  }

  /// Whether a table is all there, its records' checksums aside.
  package func isWhole(_ table: String) -> Bool { leaves[table]?.isWhole ?? false }

  /// The records of a table whose checksums match, in the order of their keys.
  package func records(of table: String) -> SalvagedRecords {
    let found = leaves[table] ?? Leaves()
    let seal = TableSeal(table)
    guard !found.found.isEmpty else {
      return SalvagedRecords(file: file, seal: seal, pages: found.reached)
    }
    let hasIntegerKeys = ["objects", "vectors", "deleted"].contains(Self.kind(of: table))
    let keyed = (found.reached + found.found).map { number in
      (key: firstKey(of: number, seal, hasIntegerKeys), number: number)
    }
    let pages = keyed.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.number)
    return SalvagedRecords(file: file, seal: seal, pages: pages)
  }

  /// The catalog's records. Where its pages are damaged, those of its last version that can be found among the
  /// free pages fill the gaps: definitions hardly ever change.
  /// - Returns: The records, and whether some of them are of an older version.
  package func catalog() -> (records: [String: [UInt8]], isOlder: Bool) {
    var current: [String: [UInt8]] = [:]
    let records = records(of: "catalog")
    while let record = records.next() {
      current[String(decoding: record.key, as: UTF8.self)] = record.payload
    }
    if isWhole("catalog"), records.damagedCount == 0 { return (current, false) }
    var older: [String: [UInt8]] = [:]
    for version in catalogVersions() {
      older.merge(version) { _, newer in newer }
    }
    return (older.merging(current) { _, current in current }, true)
  }

  /// What single pages have of the catalog, oldest first: every version says which commit it is of.
  private func catalogVersions() -> [[String: [UInt8]]] {
    let seal = TableSeal("catalog")
    var versions: [(commit: UInt64, records: [String: [UInt8]])] = []
    for number in 2..<max(2, file.pageCount) {
      guard let page = file.page(number), page.number == number, page.kind == .leaf else {
        continue
      }
      let records = SalvagedRecords(file: file, seal: seal, pages: [number])
      var version: [String: [UInt8]] = [:]
      while let record = records.next() {
        version[String(decoding: record.key, as: UTF8.self)] = record.payload
      }
      guard !version.isEmpty else { continue }
      let commit = version["commit"]?.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } ?? 0
      versions.append((commit, version))
    }
    return versions.sorted { $0.commit < $1.commit }.map(\.records)
  }

  // MARK: - Looking at pages

  private func survey() {
    guard let meta = newestMeta() else {
      leaves["catalog"] = Leaves(isWhole: false)
      return findOthers()
    }
    var freeWalk = SalvageWalk(file: file, used: used, free: free, seal: nil)
    freeWalk.run(meta.free)
    used = freeWalk.used
    knowsFreePages = freeWalk.isWhole && noteFree(freeWalk.leaves)
    var mainWalk = SalvageWalk(file: file, used: used, free: free, seal: nil)
    mainWalk.run(meta.main)
    used = mainWalk.used
    var isWhole = mainWalk.isWhole
    for (name, tree) in tables(mainWalk.leaves) {
      var walk = SalvageWalk(file: file, used: used, free: free, seal: TableSeal(name))
      walk.run(tree)
      used = walk.used
      leaves[name] = Leaves(reached: walk.leaves, isWhole: walk.isWhole)
      isWhole = isWhole && walk.isWhole
    }
    if !isWhole || leaves["catalog"] == nil { findOthers(hasMain: mainWalk.isWhole) }
  }

  /// The meta page of the newest version. Where the two do not fit together one of them lies about its transaction;
  /// then the catalog tells, in which every commit notes its own.
  private func newestMeta() -> MetaPage? {
    guard file.metas.count == 2 else { return file.metas.first }
    let numbers = file.metas.map(\.transactionID).sorted { $0 % 2 < $1 % 2 }
    if MetaPage.follow(numbers[0], numbers[1]) { return file.metas[0] }
    return file.metas.max { commit(of: $0) < commit(of: $1) }
  }

  private func commit(of meta: MetaPage) -> UInt64 {
    var main = SalvageWalk(file: file, used: used, free: free, seal: nil)
    main.run(meta.main)
    guard let catalog = tables(main.leaves).first(where: { $0.0 == "catalog" })?.1 else { return 0 }
    let seal = TableSeal("catalog")
    var walk = SalvageWalk(file: file, used: used, free: free, seal: seal)
    walk.run(catalog)
    let records = SalvagedRecords(file: file, seal: seal, pages: walk.leaves)
    while let record = records.next() {
      guard record.key == Array("commit".utf8) else { continue }
      return record.payload.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    return 0
  }

  /// Notes the pages that a list of free ones names; answers whether it could be read.
  private func noteFree(_ pages: [UInt64]) -> Bool {
    for number in pages {
      guard let page = file.page(number) else { return false }
      for entry in 0..<page.entryCount {
        guard let node = page.node(entry, isBranch: false), let data = file.data(of: node, in: page)
        else { return false }
        let words = stride(from: 0, to: data.count - data.count % 8, by: 8).map { start in
          data[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        guard let count = words.first, count <= UInt64(words.count - 1) else { return false }
        for word in words.dropFirst().prefix(Int(clamping: count)) { free.insert(word) }
      }
    }
    return true
  }

  private func tables(_ pages: [UInt64]) -> [(String, RawTree)] {
    var tables: [(String, RawTree)] = []
    for number in pages {
      guard let page = file.page(number) else { continue }
      for entry in 0..<page.entryCount {
        guard let node = page.node(entry, isBranch: false), node.isTree,
          node.size == UInt64(RawTree.size),
          let name = String(validating: page.bytes[node.key], as: UTF8.self)
        else { continue }
        tables.append((name, RawTree(page, at: node.data)))
      }
    }
    return tables
  }

  /// Looks for leaves among the pages that were not reached.
  private func findOthers(hasMain: Bool = false) {
    var numbers = Set(leaves.keys.compactMap { Self.number(of: $0) })
    if !hasMain { numbers.formUnion(1...Self.mostUnknownCollections) }
    let names =
      ["catalog"]
      + numbers.sorted().flatMap { number in
        Self.tableKinds.map { "\(number).\($0)" }
      }
    let seals = names.map { TableSeal($0) }
    var likely = 0
    for number in 2..<max(2, file.pageCount) {
      if used.contains(number) || knowsFreePages && free.contains(number) { continue }
      guard let page = file.page(number), page.number == number, page.kind == .leaf else {
        continue
      }
      for offset in seals.indices {
        // Neighbours mostly belong to one table.
        let place = (likely + offset) % seals.count
        guard SalvageWalk.isSealed(page, file, by: seals[place]) else { continue }
        likely = place
        leaves[seals[place].name, default: Leaves(isWhole: false)].found.append(number)
        break
      }
    }
  }

  private func firstKey(
    of number: UInt64, _ seal: TableSeal, _ hasIntegerKeys: Bool
  ) -> [UInt8] {
    let records = SalvagedRecords(file: file, seal: seal, pages: [number])
    guard let key = records.next()?.key else { return [] }
    return hasIntegerKeys ? key.reversed() : key
  }

  private static func number(of table: String) -> UInt32? {
    let parts = table.split(separator: ".")
    guard parts.count == 2, tableKinds.contains(String(parts[1])) else { return nil }
    return UInt32(parts[0])
  }

  private static func kind(of table: String) -> String {
    table.split(separator: ".").last.map { String($0) } ?? table
  }
}
