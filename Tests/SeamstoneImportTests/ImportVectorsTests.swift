import Seamstone
import SeamstoneImport
import StorageIO
import TestSupport
import Testing

/// `importVectors`, with files that the tools themselves wrote.
@Suite struct ImportVectorsTests {
  typealias Case = (file: String, format: ImportFormat, id: @Sendable (Int) -> Int64)

  /// Files whose rows have ids of their own, and what these are.
  static let own: [Case] = [
    ("idmap-flat.faiss", .automatic, ImportFixture.id),
    ("idmap2-flat.faiss", .faiss, ImportFixture.id),
    ("idmap-hnsw.faiss", .automatic, ImportFixture.id), ("ivf.faiss", .automatic, ImportFixture.id),
    ("ivf-table.faiss", .automatic, ImportFixture.id),
    ("idmap-ivf.faiss", .automatic, ImportFixture.id),
    ("l2.hnswlib", .automatic, { Int64($0 * 3 + 5) }),
    ("ip.hnswlib", .hnswlib, { Int64($0 * 3 + 5) }),
    ("angular.ann", .annoy(metric: .angular, dimensions: 6), { Int64($0) }),
    ("euclidean.ann", .annoy(metric: .euclidean, dimensions: 6), { Int64($0) }),
    ("manhattan.ann", .annoy(metric: .manhattan, dimensions: 6), { Int64($0) }),
    ("dot.ann", .annoy(metric: .dot, dimensions: 6), { Int64($0) }),
  ]

  /// The rows that a file leaves out.
  private func isAbsent(_ row: Int, _ file: String) -> Bool {
    file.hasSuffix(".ann") ? row % 7 == 3 : file.hasSuffix(".hnswlib") && row == 2
  }

  @Test(arguments: own) func `vectors come with the ids that the file keeps`(_ one: Case)
    async throws
  {
    let place = try ImportStore()
    let collection = try place.collection()
    let summary = try await collection.importVectors(
      from: ImportFixture.path(one.file), format: one.format,
      options: ImportOptions(startID: 7_000, batchRows: 16))
    var expected: [ObjectID: [Float]] = [:]
    for row in 0..<ImportFixture.rows where !isAbsent(row, one.file) {
      expected[.int(one.id(row))] = ImportFixture.vector(row)
    }
    #expect(try place.vectors() == expected)
    #expect(summary.rows == expected.count && summary.inserted == expected.count)
    #expect(summary.batches == 3 && summary.replaced == 0 && summary.withoutVector.count == 0)
    let nearest = try await collection.search(near: ImportFixture.vector(1), limit: 1).first?.id
    #expect(nearest == .int(one.id(1)))
  }

  @Test(
    arguments: [
      ("flat-l2.faiss", .automatic), ("hnsw.faiss", .automatic), ("ivf-hnsw.faiss", .automatic),
      ("arrays.safetensors", .automatic), ("arrays.safetensors", .safetensors(tensor: "half")),
    ] as [(String, ImportFormat)])
  func `rows without ids are numbered from the start id`(
    _ file: String, _ format: ImportFormat
  ) async throws {
    let place = try ImportStore()
    let collection = try place.collection()
    let options = ImportOptions(startID: 100)
    try await collection.importVectors(
      from: ImportFixture.path(file), format: format, options: options)
    // Lists keep positions, which are ids.
    let first: Int64 = file == "ivf-hnsw.faiss" ? 0 : 100
    let expected = (0..<ImportFixture.rows).map { row in
      (ObjectID.int(first + Int64(row)), ImportFixture.vector(row))
    }
    #expect(try place.vectors() == Dictionary(uniqueKeysWithValues: expected))
    let again = try await collection.importVectors(
      from: ImportFixture.path(file), format: format, options: options)
    #expect(again.rows == 40 && again.inserted == 0 && again.replaced == 40)
  }

  @Test func `hamming's bits become numbers; rows of bytes become packed bits`() throws {
    let place = try ImportStore()
    let numbers = try place.collection("Numbers")
    try numbers.importVectors(
      from: ImportFixture.path("hamming.ann"), format: .annoy(metric: .hamming, dimensions: 70))
    #expect(
      try place.vectors("Numbers")[1]
        == ImportFixture.vector(1, dimensions: 70).map { $0 > 0 ? 1 : 0 })
    let bits = try place.store.collection(
      "Bits", CollectionConfiguration(index: .flat, elementType: .bits))
    try bits.importVectors(
      from: ImportFixture.path("arrays.safetensors"), format: .safetensors(tensor: "unsigned"))
    #expect(
      try bits.get(3)?.bits == ImportFixture.vector(3).map { UInt8($0 * 8 + 32) })
  }

  @Test func `an objects file names the rows; JSON lines bring all of theirs`() throws {
    let place = try ImportStore()
    let collection = try place.collection()
    let vectors = try place.fvecs("v.fvecs", [[1, 2], [3, 4]])
    let objects = try place.write("o.jsonl", [#"{"id": "a", "title": "A"}"#, #"{"title": "B"}"#])
    try collection.importVectors(
      from: vectors, options: ImportOptions(objects: FilePath(objects), startID: 5))
    #expect(try collection.get("a")?.properties == ["title": "A"])
    #expect(try collection.get(6)?.vector == [3, 4])
    let lines = try place.write(
      "more.txt", [#"{"id": "b", "vector": [5, 6]}"#, #"{"id": "c", "vectr": [1, 2.5], "n": 1}"#])
    let summary = try collection.importVectors(from: lines, format: .jsonLines)
    #expect(summary.withoutVector.count == 1 && summary.withoutVector.firstRow == 1)
    #expect(summary.withoutVector.lookalike?.name == "vectr")
    #expect(summary.withoutVector.lookalike?.count == 2)
    #expect(try collection.get("b")?.vector == [5, 6] && collection.get("c") != nil)
  }

  @Test func `progress tells rows, share and when the index is begun`() async throws {
    let place = try ImportStore()
    let seen = ConditionLock<[ImportProgress]>([])
    let summary = try await place.collection().importVectors(
      from: ImportFixture.path("ivf.faiss"), options: ImportOptions(batchRows: 15)
    ) { progress in seen.withLock { $0.append(progress) } }
    let all = seen.withLock { $0 }
    #expect(all.map(\.summary.rows) == [15, 30, 40, 40])
    #expect(all.map(\.phase) == [.rows, .rows, .rows, .indexing])
    #expect(all.last?.summary == summary && all.last?.fraction == 1)
    #expect(zip(all, all.dropFirst()).allSatisfy { ($0.fraction ?? 2) <= ($1.fraction ?? -1) })
  }

  @Test func `an index that is built once is built, unless indexing is left out`() async throws {
    let place = try ImportStore()
    let collection = try place.store.collection(
      "A", CollectionConfiguration(metric: .l2Squared, index: .annoy()))
    try await collection.importVectors(
      from: ImportFixture.path("l2.hnswlib"), options: ImportOptions(indexes: false))
    #expect(try collection.indexStage() == .loading)
    try await collection.importVectors(from: ImportFixture.path("l2.hnswlib"))
    #expect(try collection.indexStage() == .built)
    await #expect(throws: StoreError.self) {
      try await collection.importVectors(from: ImportFixture.path("ip.hnswlib"))
    }
  }

  struct Lengths: Vectorizer {
    let name = "lengths"
    let dimensions: Int? = 2
    func vectors(for texts: [String]) async throws -> [[Float]] {
      texts.map { [Float($0.utf8.count), 1] }
    }
  }

  @Test func `rows of text get their vectors; the call that blocks refuses them`() async throws {
    let place = try ImportStore(vectorizers: [Lengths()])
    let collection = try place.collection(vectorizer: "lengths")
    let lines = try place.write(
      "t.jsonl", [#"{"id": 1, "t": "four"}"#, #"{"id": 2, "vector": [9, 9]}"#])
    let refused = #expect(throws: StoreError.self) {
      try blocking { () throws(StoreError) in try collection.importVectors(from: lines) }
    }
    #expect(refused?.message.contains("in the batch of rows 0 to 1") == true)
    let summary = try await collection.importVectors(from: lines)
    #expect(summary.withoutVector.count == 0)
    #expect(try place.vectors() == [1: [4, 1], 2: [9, 9]])
  }

  /// Chooses the form that blocks, in an `async` function.
  private func blocking<Result>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result { try body() }
}
