import StorageIO
import TestSupport
import Testing

@testable import ObjectStorage

/// Originals found by walking LMDB's pages are those that LMDB finds.
@Suite struct GroupReadTests {
  @Test(arguments: [16, 128, 384, 1024])
  func groupsReadWhatSingleReadsDo(dimensions: Int) throws {
    let fixture = try Fixture()
    let table = fixture.tables.vectors(dimensions: dimensions)
    var generator = SeededGenerator(seed: UInt64(dimensions))
    var live: Set<UInt64> = []
    for round in 0..<4 {
      try fixture.environment.write { (transaction) throws(StoreError) in
        for _ in 0..<400 {
          let docID = UInt64.random(in: 0..<5000, using: &generator)
          if live.contains(docID), Bool.random(using: &generator) {
            #expect(try table.remove(docID, in: transaction))
            live.remove(docID)
          } else {
            let row = Array(repeating: Float(docID) + Float(round) / 8, count: dimensions)
            try table.put(row, docID: docID, append: false, in: transaction)
            live.insert(docID)
          }
        }
        let sorted = live.sorted()
        let own = try table.get(Array(sorted.prefix(40)), in: transaction)
        for (docID, row) in zip(sorted, own) {
          #expect(try table.get(docID, in: transaction) == row, "in the write transaction")
        }
      }
      try fixture.environment.read { (transaction) throws(StoreError) in
        let sorted = live.sorted()
        let rows = try table.get(sorted, in: transaction)
        for (docID, row) in zip(sorted, rows) {
          #expect(try table.get(docID, in: transaction) == row, "DocID \(docID) round \(round)")
        }
        let shuffled = sorted.shuffled(using: &generator)
        #expect(
          try table.get(shuffled, in: transaction).map { $0[0].rounded(.down) }
            == shuffled.map { Float($0) })
        let missing = (0..<5000 as Range<UInt64>).first { !live.contains($0) } ?? 6000
        #expect(
          errorCode { _ = try table.get([sorted[0], missing], in: transaction) } == .corruption)
      }
    }
  }

  @Test(arguments: [128, 384, 1024])
  func nearlyAllOriginalsAreFoundWithoutLMDB(dimensions: Int) throws {
    let fixture = try Fixture()
    let table = fixture.tables.vectors(dimensions: dimensions)
    try fixture.environment.write { (transaction) throws(StoreError) in
      for docID in 0..<3000 as Range<UInt64> {
        try table.put([Float](repeating: 1, count: dimensions), docID: docID, in: transaction)
      }
    }
    try fixture.environment.read { (transaction) throws(StoreError) in
      let raw = try transaction.open()
      let tree = PageTree(table.table, in: raw, environment: fixture.environment)
      guard let tree else {
        #expect(!fixture.environment.hasSystemPages)
        return
      }
      var found = 0
      for first in stride(from: UInt64(0), to: 3000, by: 10) {
        let ids = (0..<10).map { first + UInt64($0) }
        ids.withUnsafeBufferPointer { table.locateGroup($0[...], tree, transaction) }
        for index in 0..<10 {
          if transaction.places[index * table.layout.partCount].baseAddress != nil { found += 1 }
        }
      }
      #expect(found > 2900)
    }
  }
}
