/// Walks one tree as far as it goes, past what is damaged.
struct SalvageWalk {
  let file: PageFile
  private(set) var used: PageSet
  let free: PageSet
  /// Tells the leaves of the tree from others; nil for LMDB's own trees, whose records have no checksums.
  let seal: TableSeal?
  /// The leaves, in the order of their keys.
  private(set) var leaves: [UInt64] = []
  /// Whether every page was as it should be.
  private(set) var isWhole = true

  init(file: PageFile, used: PageSet, free: PageSet, seal: TableSeal?) {
    self.file = file
    self.used = used
    self.free = free
    self.seal = seal
  }

  mutating func run(_ tree: RawTree) {
    guard tree.root != RawTree.noPage else { return }
    var pending = [(number: tree.root, level: tree.depth)]
    var entries: UInt64 = 0
    while let (number, level) = pending.popLast() {
      guard !used.contains(number), !free.contains(number), let page = file.page(number) else {
        isWhole = false
        continue
      }
      if page.flaw(expecting: number) != nil { isWhole = false }
      // What kind of page it is, is said by itself and by its place.
      let isBranch =
        switch page.kind {
        case .branch: true
        case .leaf: false
        default: level > 1
        }
      if isBranch {
        used.insert(number)
        var children: [(UInt64, Int)] = []
        for entry in 0..<page.entryCount {
          guard let node = page.node(entry, isBranch: true) else {
            isWhole = false
            continue
          }
          children.append((node.child, level - 1))
        }
        pending += children.reversed()
      } else {
        visitLeaf(page, number)
        entries += UInt64(page.entryCount)
      }
    }
    if entries != tree.entries { isWhole = false }
  }

  private mutating func visitLeaf(_ page: RawPage, _ number: UInt64) {
    if let seal, !Self.isSealed(page, file, by: seal) {
      // It belongs to another tree, or nothing of it can be read.
      isWhole = false
      return
    }
    used.insert(number)
    leaves.append(number)
    for entry in 0..<page.likelyEntryCount {
      guard let node = page.node(entry, isBranch: false) else {
        isWhole = false
        continue
      }
      guard node.isBig else { continue }
      let first = page.word(node.data)
      for offset in 0..<(UInt64(RawPage.headerSize) &+ node.size) / UInt64(file.pageSize) &+ 1 {
        guard used.insert(first &+ offset) else { break }
      }
    }
  }

  /// Whether a leaf has a record of the table.
  static func isSealed(_ page: RawPage, _ file: PageFile, by seal: TableSeal) -> Bool {
    for entry in 0..<page.likelyEntryCount {
      guard let node = page.node(entry, isBranch: false), let value = file.data(of: node, in: page),
        seal.payload(key: page.bytes[node.key], value: value) != nil
      else { continue }
      return true
    }
    return false
  }
}
