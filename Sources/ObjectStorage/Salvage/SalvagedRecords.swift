/// The records of a table that can be read, one after the other; those whose checksums do not match are passed
/// over and counted.
package final class SalvagedRecords {
  /// A record as it was written.
  package struct Record {
    package var key: [UInt8]
    package var payload: [UInt8]

    /// The key of a table whose keys are numbers; nil for another.
    package var number: UInt64? {
      key.count == 8 ? key.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } : nil
    }
  }

  /// How many records were passed over so far.
  package private(set) var damagedCount = 0
  private let file: PageFile
  private let seal: TableSeal
  private let pages: [UInt64]
  private var place = 0
  private var page: RawPage?
  private var entry = 0

  init(file: PageFile, seal: TableSeal, pages: [UInt64]) {
    self.file = file
    self.seal = seal
    self.pages = pages
  }

  /// The next record; nil after the last.
  package func next() -> Record? {
    while true {
      guard let page else {
        guard place < pages.count else { return nil }
        page = file.page(pages[place])
        if page == nil { damagedCount += 1 }
        place += 1
        entry = 0
        continue
      }
      guard entry < page.likelyEntryCount else {
        self.page = nil
        continue
      }
      defer { entry += 1 }
      guard let node = page.node(entry, isBranch: false), let value = file.data(of: node, in: page),
        let payload = seal.payload(key: page.bytes[node.key], value: value)
      else {
        damagedCount += 1
        continue
      }
      return Record(key: Array(page.bytes[node.key]), payload: Array(payload))
    }
  }
}
