import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Walks the trees of an LMDB file by `pread` and compares what their pages say.
///
/// LMDB maps the file and trusts it: a page beyond the end of a truncated file is a bus error. A file
/// may rightly be shorter than its last page number says, because pages that were freed in the
/// transaction that made them are never written; so only the walk can tell. Every page must be the one
/// it should be and full of nodes without gaps; keys must ascend and lie between those of the branch above; no
/// page may be used twice, or be used and listed as free; trees must have as many records and levels as they say.
struct PageWalk {
  private let descriptor: Int32
  private let pageSize: Int
  private let pageCount: UInt64
  private let location: StoreError.Location
  private var used: PageSet
  private var listedAsFree: PageSet
  private var page: RawPage

  /// Which of LMDB's trees a page belongs to.
  private enum Role { case free, main, table }

  /// A page to be visited, the records that the keys on it must lie between, and how far it is above the
  /// leaves, which are at level 1.
  private struct Visit {
    var number: UInt64
    var level: Int
    var first: [UInt8]?
    var end: [UInt8]?
  }

  /// Walks the version that transaction `transactionID` sees; the caller holds it open. `descriptor`
  /// is LMDB's own: opening the file once more would drop its locks.
  ///
  /// - Returns: False if that version's meta page is gone, because two more commits came: begin again.
  static func check(
    descriptor: Int32, length: Int, pageSize: Int, transactionID: UInt64,
    location: StoreError.Location
  ) throws(StoreError) -> Bool {
    var walk = PageWalk(
      descriptor: descriptor, length: length, pageSize: pageSize, location: location)
    return try walk.run(transactionID)
  }

  private init(descriptor: Int32, length: Int, pageSize: Int, location: StoreError.Location) {
    self.descriptor = descriptor
    self.pageSize = pageSize
    self.location = location
    pageCount = UInt64(max(0, length) / pageSize)
    used = PageSet(pageCount: pageCount)
    listedAsFree = PageSet(pageCount: pageCount)
    page = RawPage(bytes: [UInt8](repeating: 0, count: pageSize))
  }

  private mutating func run(_ transactionID: UInt64) throws(StoreError) -> Bool {
    var found: MetaPage?
    for number in 0...1 as ClosedRange<UInt64> {
      try load(number)
      used.insert(number)
      if let meta = MetaPage(page), meta.transactionID == transactionID { found = meta }
    }
    guard let meta = found else { return false }
    // The free pages first: the others are compared with them.
    var tables: [RawTree] = []
    try walk(meta.free, .free, &tables)
    try walk(meta.main, .main, &tables)
    for table in tables {
      var none: [RawTree] = []
      try walk(table, .table, &none)
    }
    return true
  }

  private mutating func walk(
    _ tree: RawTree, _ role: Role, _ tables: inout [RawTree]
  ) throws(StoreError) {
    guard tree.root != RawTree.noPage else {
      if tree.entries != 0 { throw damage(0, "a tree without pages has \(tree.entries) records") }
      return
    }
    var records: UInt64 = 0
    var pending = [Visit(number: tree.root, level: tree.depth)]
    while let visit = pending.popLast() {
      try load(visit.number)
      try use(visit.number)
      if let flaw = page.flaw(expecting: visit.number) { throw damage(visit.number, flaw) }
      let isBranch = page.kind == .branch
      guard isBranch == (visit.level > 1) else {
        throw damage(visit.number, "it is at the wrong level of its tree")
      }
      if isBranch {
        try visitBranch(visit, tree, &pending)
      } else {
        records += UInt64(page.entryCount)
        try visitLeaf(visit, tree, role, &tables)
      }
    }
    guard records == tree.entries else {
      throw damage(tree.root, "its tree has \(records) records, not \(tree.entries)")
    }
  }

  private mutating func visitBranch(
    _ visit: Visit, _ tree: RawTree, _ pending: inout [Visit]
  ) throws(StoreError) {
    var children: [Visit] = []
    for entry in 0..<page.entryCount {
      guard let node = page.node(entry, isBranch: true) else { continue }
      // The first key of a branch stands for everything below the second, and is not kept.
      let key = entry == 0 ? visit.first : Array(page.bytes[node.key])
      if entry > 0 {
        try requireOrder(key, after: children.last?.first, isStrict: true, visit, tree)
        if let before = children.indices.last { children[before].end = key }
      }
      children.append(
        Visit(number: node.child, level: visit.level - 1, first: key, end: visit.end))
    }
    if let last = children.last?.first, let end = visit.end,
      !tree.orders(last[...], before: end[...])
    {
      throw damage(visit.number, "its keys belong elsewhere")
    }
    pending += children.reversed()
  }

  private mutating func visitLeaf(
    _ visit: Visit, _ tree: RawTree, _ role: Role, _ tables: inout [RawTree]
  ) throws(StoreError) {
    var previous: [UInt8]?
    // Reading other pages replaces `page`.
    let leaf = page
    for entry in 0..<leaf.entryCount {
      guard let node = leaf.node(entry, isBranch: false) else { continue }
      let key = Array(leaf.bytes[node.key])
      try requireOrder(key, after: previous ?? visit.first, isStrict: previous != nil, visit, tree)
      if let end = visit.end, !tree.orders(key[...], before: end[...]) {
        throw damage(visit.number, "its keys belong elsewhere")
      }
      previous = key
      if node.isBig { try useOverflow(first: leaf.word(node.data), size: node.size) }
      switch role {
      case .free: try noteFree(node, leaf, visit.number)
      case .main:
        guard node.isTree, node.size == UInt64(RawTree.size) else {
          throw damage(visit.number, "it does not list databases")
        }
        tables.append(RawTree(leaf, at: node.data))
      case .table:
        if node.isTree { throw damage(visit.number, "it lists a database among records") }
      }
    }
  }

  private func requireOrder(
    _ key: [UInt8]?, after previous: [UInt8]?, isStrict: Bool, _ visit: Visit, _ tree: RawTree
  ) throws(StoreError) {
    guard let key, let previous else { return }
    let isGood =
      isStrict
      ? tree.orders(previous[...], before: key[...]) : !tree.orders(key[...], before: previous[...])
    if !isGood { throw damage(visit.number, "its keys are out of order") }
  }

  // MARK: - Which page is used for what

  private mutating func use(_ number: UInt64) throws(StoreError) {
    guard used.insert(number) else { throw damage(number, "it is used twice") }
    if listedAsFree.contains(number) { throw damage(number, "it is used and listed as free") }
  }

  private mutating func useOverflow(first: UInt64, size: UInt64) throws(StoreError) {
    let count = (size + UInt64(RawPage.headerSize + pageSize) - 1) / UInt64(pageSize)
    let (end, overflow) = first.addingReportingOverflow(count)
    if overflow || end > pageCount { throw damage(first, "the file ends before it") }
    try load(first)
    guard page.number == first, page.kind == .overflow, page.overflowPages >= count else {
      throw damage(first, "it is not the page it should be")
    }
    let last = first + max(1, page.overflowPages) - 1
    guard last < pageCount || last - first < count else {
      throw damage(first, "the file ends before it")
    }
    for number in first...last { try use(number) }
  }

  /// A record of the free list: how many pages, and which, in descending order.
  private mutating func noteFree(
    _ node: RawPage.Node, _ leaf: RawPage, _ number: UInt64
  ) throws(StoreError) {
    var words: [UInt64]
    if node.isBig {
      words = try overflowWords(first: leaf.word(node.data), size: node.size)
    } else {
      words = (0..<Int(node.size / 8)).map { leaf.word(node.data + 8 * $0) }
    }
    guard let count = words.first, count <= UInt64(words.count - 1) else {
      throw damage(number, "a list of free pages is cut short")
    }
    var above = UInt64.max
    for free in words.dropFirst().prefix(Int(clamping: count)) {
      guard free > 1, free < above else { throw damage(number, "a list of free pages is wrong") }
      above = free
      // Those beyond the end of the file have never been written.
      guard listedAsFree.insert(free) || free >= pageCount else {
        throw damage(free, "it is listed as free twice")
      }
      if used.contains(free) { throw damage(free, "it is used and listed as free") }
    }
  }

  private mutating func overflowWords(first: UInt64, size: UInt64) throws(StoreError) -> [UInt64] {
    var words: [UInt64] = []
    var left = size / 8
    var number = first
    var offset = RawPage.headerSize
    while left > 0 {
      try load(number)
      while offset < pageSize, left > 0 {
        words.append(page.word(offset))
        offset += 8
        left -= 1
      }
      offset = 0
      number += 1
    }
    return words
  }

  private mutating func load(_ number: UInt64) throws(StoreError) {
    guard number < pageCount else { throw damage(number, "the file ends before it") }
    var filled = 0
    while filled < pageSize {
      let offset = off_t(number) * off_t(pageSize) + off_t(filled)
      let count = page.bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress?.advanced(by: filled), pageSize - filled, offset)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw .system("pread", errno: errno, at: location) }
      if count == 0 { throw damage(number, "the file ends before it") }
      filled += count
    }
  }

  private func damage(_ number: UInt64, _ what: String) -> StoreError {
    var place = location
    place.offset = Int(clamping: number &* UInt64(pageSize))
    return StoreError(
      .corruption, "The LMDB file is damaged at page \(number): \(what)", at: place,
      remedy: "Run `seamstone repair` on the store, or restore a backup")
  }
}
