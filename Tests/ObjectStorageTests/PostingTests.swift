import StorageIO
import TestSupport
import Testing

@testable import ObjectStorage

@Suite("Sets of DocIDs and their stored blocks")
struct PostingTests {
  /// A set of a few hundred DocIDs in a few blocks, dense in some of them.
  private func sample(_ random: inout SeededGenerator) -> Set<UInt64> {
    var ids = Set<UInt64>()
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let base = UInt64.random(in: 0...6, using: &random) << 13
      for _ in 0..<[1, 20, 600].randomElement(using: &random, or: 1) {
        ids.insert(base + UInt64.random(in: 0..<8192, using: &random))
      }
    }
    return ids
  }

  @Test("Set operations agree with Swift's sets", arguments: [UInt64(1), 2, 3])
  func setOperations(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let (a, b) = (sample(&random), sample(&random))
      let (flipA, flipB) = (Bool.random(using: &random), Bool.random(using: &random))
      let left = flipA ? DocIDSet(a).complement : DocIDSet(a)
      let right = flipB ? DocIDSet(b).complement : DocIDSet(b)
      let probes = a.union(b).union([0, 8191, 8192, 1 << 40]).union(sample(&random))
      let (both, either) = (left.intersection(right), left.union(right))
      let rest = left.subtracting(right)
      var wrong: [String] = []
      for id in probes {
        let inA = a.contains(id) != flipA
        let inB = b.contains(id) != flipB
        if left.contains(id) != inA { wrong.append("contains \(id)") }
        if both.contains(id) != (inA && inB) { wrong.append("intersection \(id)") }
        if either.contains(id) != (inA || inB) { wrong.append("union \(id)") }
        if rest.contains(id) != (inA && !inB) { wrong.append("subtracting \(id)") }
      }
      #expect(wrong == [], "seed \(seed)")
      #expect(DocIDSet(a).intersection(DocIDSet(b)) == DocIDSet(a.intersection(b)))
      #expect(DocIDSet(a).subtracting(DocIDSet(a)) == .empty)
    }
  }

  @Test("The listed DocIDs of a range come in order")
  func listing() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<50 {
      let ids = sample(&random)
      let set = DocIDSet(ids)
      let low = UInt64.random(in: 0...30_000, using: &random)
      let range = low...(low + UInt64.random(in: 0...30_000, using: &random))
      var listed: [UInt64] = []
      set.forEachListed(in: range) { id in
        listed.append(id)
        return true
      }
      #expect(listed == ids.filter(range.contains).sorted())
      #expect(set.listedCount(around: range) >= listed.count)
      let blocks = (range.lowerBound >> 13)...(range.upperBound >> 13)
      let bitmap = set.bitmap(blocks: blocks)
      for id in listed {
        let offset = Int(id - blocks.lowerBound << 13)
        #expect(bitmap[offset >> 6] >> UInt64(offset & 63) & 1 == 1)
      }
      #expect(set.listedCount == ids.count)
    }
  }

  @Test("A block reads back what it stored", arguments: [1, 2, 511, 512, 513, 8192])
  func blocks(count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    var block = PostingBlock()
    for offset in Array(0..<8192).shuffled(using: &random).prefix(count) {
      block.set(offset, to: true)
    }
    let bytes = block.encoded()
    #expect(bytes.count == (count < 512 ? count * 2 : 1024))
    var copy = PostingBlock()
    #expect(bytes.withUnsafeBytes { copy.read($0) } && copy == block)
  }

  @Test("Bytes that no block was stored as are refused")
  func malformedBlocks() {
    let sparseBitmap = [UInt8](repeating: 0, count: 1023) + [1]
    for bytes in [[], [1], [1, 0, 1, 0], [2, 0, 1, 0], [0, 32], sparseBitmap] as [[UInt8]] {
      var block = PostingBlock()
      #expect(!bytes.withUnsafeBytes { block.read($0) }, "\(bytes.prefix(8))")
    }
  }

  @Test("Terms gain and lose DocIDs, and go with the last one")
  func table() throws {
    let fixture = try Fixture()
    let environment = fixture.environment
    let tables = try environment.write { (transaction) throws(StoreError) in
      try fixture.tables.creatingPostings(in: transaction)
    }
    let postings = try #require(tables.postings)
    var random = SeededGenerator(seed: 9)
    var model: [[UInt8]: Set<UInt64>] = [:]
    for _ in 0..<40 {
      try environment.write { (transaction) throws(StoreError) in
        for _ in 0..<20 {
          let term: [UInt8] = [7, UInt8.random(in: 0...3, using: &random)]
          let id = UInt64.random(in: 0...40_000, using: &random)
          let isMember = Int.random(in: 0...3, using: &random) > 0
          if isMember { model[term, default: []].insert(id) } else { model[term]?.remove(id) }
          try postings.change(
            term, block: id >> 13, [PostingChange(docID: id, isMember: isMember)],
            in: transaction)
        }
      }
    }
    try environment.read { (transaction) throws(StoreError) in
      for (term, ids) in model {
        var builder = DocIDSetBuilder()
        try postings.collect(term, into: &builder, in: transaction)
        #expect(builder.finish() == DocIDSet(ids))
      }
    }
    let isEmpty = try environment.write { (transaction) throws(StoreError) -> Bool in
      #expect(try !postings.remove(prefix: [7], limit: 2, in: transaction))
      return try postings.remove(prefix: [7], limit: 1_000, in: transaction)
    }
    #expect(isEmpty)
    try environment.read { (transaction) throws(StoreError) in
      #expect(try postings.table.statistics(in: transaction).entries == 0)
    }
  }

  @Test("Tables from before property indexes open without one")
  func oldTables() throws {
    let fixture = try Fixture()
    let opened = try CollectionTables.open(number: 1, in: fixture.environment)
    #expect(opened.postings == nil)
    _ = try fixture.environment.write { (transaction) throws(StoreError) in
      try fixture.tables.creatingPostings(in: transaction)
    }
    #expect(try opened.openingPostings(in: fixture.environment).postings != nil)
  }
}

extension Array {
  /// A random element; `fallback` of an empty array.
  fileprivate func randomElement(using random: inout SeededGenerator, or fallback: Element)
    -> Element
  {
    randomElement(using: &random) ?? fallback
  }
}
