import ObjectStorage
import StorageIO
import TestSupport
import Testing

@Suite struct VectorTableTests {
  private func vector(_ dimensions: Int, _ generator: inout SeededGenerator) -> [Float] {
    (0..<dimensions).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())) }
  }

  private func sameBits(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
  }

  @Test(arguments: [1, 2, 3, 7, 128, 384, 505, 768, 1000, 1024, 1536, 4096, 20_000])
  func originalsReadBackBitByBit(dimensions: Int) throws {
    let fixture = try Fixture()
    let table = fixture.tables.vectors(dimensions: dimensions)
    var generator = SeededGenerator(seed: 3)
    let docIDs: [UInt64] = [0, 1, 5, 6, 7, 300, VectorTable.maximumDocID]
    let vectors = docIDs.map { _ in vector(dimensions, &generator) }
    try fixture.environment.write { (transaction) throws(StoreError) in
      // Out of order, so that the append hint is wrong now and then.
      for index in [3, 0, 1, 6, 2, 5, 4] {
        try table.put(vectors[index], docID: docIDs[index], in: transaction)
      }
    }
    let transaction = try fixture.environment.beginRead()
    for (docID, expected) in zip(docIDs, vectors) {
      let found = try #require(try table.get(docID, in: transaction))
      #expect(sameBits(found, expected), "DocID \(docID)")
    }
    let rows = try table.get(docIDs, in: transaction)
    for (row, expected) in zip(rows, vectors) { #expect(sameBits(row, expected)) }
    #expect(try table.get(2, in: transaction) == nil)
    #expect(try table.get(VectorTable.maximumDocID + 1, in: transaction) == nil)
    #expect(errorCode { _ = try table.get([0, 2], in: transaction) } == .corruption)

    var seen: [UInt64] = []
    try table.forEach(docIDs: 1...300, in: transaction) { (docID, pointer) throws(StoreError) in
      seen.append(docID)
      let floats = pointer.assumingMemoryBound(to: Float.self)
      let row = Array(UnsafeBufferPointer(start: floats, count: dimensions))
      #expect(sameBits(row, vectors[docIDs.firstIndex(of: docID) ?? 0]))
      return true
    }
    #expect(seen == [1, 5, 6, 7, 300])
    seen = []
    try table.forEachDocID(docIDs: 2...UInt64.max, in: transaction) { (docID) throws(StoreError) in
      seen.append(docID)
      return docID < 300
    }
    #expect(seen == [5, 6, 7, 300])
    #expect(try table.docIDs(in: transaction).last == VectorTable.maximumDocID)
    transaction.end()
  }

  @Test(arguments: [1, 2, 3, 5, 32, 33, 96, 127, 1_000, 2_001, 8_191])
  func packedBitsReadBackByteByByte(byteCount: Int) throws {
    let fixture = try Fixture()
    let table = fixture.tables.vectors(byteCount: byteCount)
    var generator = SeededGenerator(seed: UInt64(byteCount))
    let rows = (0..<40).map { _ in
      (0..<byteCount).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }
    try fixture.environment.write { (transaction) throws(StoreError) in
      for (docID, row) in rows.enumerated() {
        try table.put(row, docID: UInt64(docID + 1), in: transaction)
      }
    }
    try fixture.environment.read { (transaction) throws(StoreError) in
      var target = [UInt8](repeating: 0xEE, count: byteCount)
      for (docID, row) in rows.enumerated() {
        #expect(try table.read(UInt64(docID + 1), in: transaction, into: &target))
        #expect(target == row)
      }
      let docIDs = (1...40).map { UInt64($0) }
      // One byte more than a row: what lies between rows must stay as it was.
      var all = [UInt8](repeating: 0xEE, count: 40 * (byteCount + 1))
      try docIDs.withPointer { (ids) throws(StoreError) in
        try table.read(ids, in: transaction, into: &all, byteStride: byteCount + 1)
      }
      for (index, row) in rows.enumerated() {
        let start = index * (byteCount + 1)
        #expect(Array(all[start..<start + byteCount]) == row)
        #expect(all[start + byteCount] == 0xEE)
      }
      var seen = 0
      try table.forEach(in: transaction) { (docID, bytes) throws(StoreError) in
        let row = Array(UnsafeRawBufferPointer(start: bytes, count: byteCount))
        #expect(row == rows[Int(docID) - 1])
        seen += 1
        return true
      }
      #expect(seen == 40)
    }
  }

  @Test func packedBitsTakeAnEighthOfABytePerBit() throws {
    let fixture = try Fixture()
    let table = fixture.tables.vectors(byteCount: 256)
    try fixture.environment.write { (transaction) throws(StoreError) in
      for docID in 0..<8_000 as Range<UInt64> {
        try table.put([UInt8](repeating: 0xA5, count: 256), docID: docID, in: transaction)
      }
    }
    let pages = try fixture.environment.read { (transaction) throws(StoreError) in
      try table.statistics(in: transaction)
    }
    #expect(Double(pages.bytes) / (8_000 * 256) < 1.25)
  }

  @Test func manyOriginalsReadBackInOneCall() throws {
    let fixture = try Fixture()
    let table = fixture.tables.vectors(dimensions: 40)
    try fixture.environment.write { (transaction) throws(StoreError) in
      for docID in 0..<700 as Range<UInt64> {
        try table.put([Float](repeating: Float(docID), count: 40), docID: docID, in: transaction)
      }
    }
    try fixture.environment.read { (transaction) throws(StoreError) in
      let rows = try table.get(Array(0..<700), in: transaction)
      for (docID, row) in rows.enumerated() { #expect(row[39] == Float(docID)) }
    }
  }

  @Test func removedOriginalsAreGone() throws {
    let fixture = try Fixture()
    let table = fixture.tables.vectors(dimensions: 1024)
    try fixture.environment.write { (transaction) throws(StoreError) in
      for docID in 1...20 as ClosedRange<UInt64> {
        try table.put([Float](repeating: 1, count: 1024), docID: docID, in: transaction)
      }
      for docID in stride(from: 2, through: 20, by: 2) as StrideThrough<UInt64> {
        #expect(try table.remove(docID, in: transaction))
        #expect(try !table.remove(docID, in: transaction))
      }
    }
    try fixture.environment.read { (transaction) throws(StoreError) in
      var seen: [UInt64] = []
      try table.forEach(in: transaction) { (docID, _) throws(StoreError) in
        seen.append(docID)
        return true
      }
      #expect(seen == [1, 3, 5, 7, 9, 11, 13, 15, 17, 19])
    }
  }

  @Test(arguments: [128, 384, 768, 1024, 1536])
  func originalsTakeLittleMoreThanTheirBytes(dimensions: Int) throws {
    let count = 6_000_000 / (dimensions * 4)
    let fixture = try Fixture()
    let table = fixture.tables.vectors(dimensions: dimensions)
    var docID: UInt64 = 0
    for _ in 0..<6 {
      try fixture.environment.write { (transaction) throws(StoreError) in
        for _ in 0..<count / 6 {
          try table.put([Float](repeating: 0.5, count: dimensions), docID: docID, in: transaction)
          docID += 1
        }
      }
    }
    let original = Double(docID) * Double(dimensions) * 4
    let pages = try fixture.environment.read { (transaction) throws(StoreError) in
      try table.statistics(in: transaction)
    }
    let used = Double(pages.bytes) / original
    let file = Double(try PosixFileSystem().length(fixture.directory.dataPath)) / original
    print("originals at rest, \(dimensions) dimensions: pages \(used) x, file \(file) x")
    #expect(used < 1.20, "pages of \(dimensions) dimensions")
    #expect(file < 1.30, "file of \(dimensions) dimensions")
  }

  @Test func layoutsCutEveryOriginalIntoPartsThatCoverIt() {
    for pageSize in [4096, 16384] {
      for byteCount in Array(1...5000) + [65_536 * 4, VectorLayout.maximumByteCount] {
        let layout = VectorLayout(byteCount: byteCount, pageSize: pageSize)
        var total = 0
        for part in 0..<layout.partCount {
          let size = layout.size(ofPart: part)
          if size <= 0 { Issue.record("an empty part of \(byteCount)") }
          total += size
        }
        if total != byteCount || layout.partCount > 256 || layout.partSize % 4 != 0 {
          Issue.record("\(byteCount) bytes on pages of \(pageSize): \(layout)")
        }
      }
    }
  }
}
