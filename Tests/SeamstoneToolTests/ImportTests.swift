import Seamstone
import TestSupport
import Testing
import VectorFiles

@Suite struct ImportTests {
  private let rows = VectorFixture(count: 60, dimensions: 8)

  /// The vectors of a collection by id.
  private func contents(_ path: String) throws -> [ObjectID: VectorObject] {
    let store = try Store.open(at: FilePath(path))
    defer { store.close() }
    var found: [ObjectID: VectorObject] = [:]
    try store.read { snapshot in
      try snapshot.collection("A").forEachObject { object in
        found[object.id] = object
        return true
      }
    }
    return found
  }

  @Test(arguments: ["fvecs", "bvecs", "npy"])
  func `rows of binary files get their numbers as ids`(format: String) throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    let file =
      format == "bvecs"
      ? try tool.write("base.bvecs", rows.byteRows) : try rows.write(tool.path("base.\(format)"))
    _ = try tool.run("init", store, "A", "--metric", "l2-squared")
    let outcome = try tool.run(
      "import", store, "A", file, "--batch", "7", "--start-id", "100", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try outcome.json()["imported"] == 60 && outcome.json()["batches"] == 9)
    let found = try contents(store)
    #expect(found.count == 60)
    for (number, row) in rows.rows.enumerated() {
      #expect(found[.int(100 + Int64(number))]?.vector == row)
    }
  }

  @Test func `JSON rows carry ids and properties; importing again replaces`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    let file = try tool.write("base.jsonl", rows.lines.joined(separator: "\n"))
    _ = try tool.run("init", store, "A")
    #expect(try tool.run("import", store, "A", file).status == 0)
    #expect(try tool.run("import", store, "A", file, "--no-index").status == 0)
    let found = try contents(store)
    #expect(found.count == 60)
    #expect(found["r3"]?.vector == rows.rows[3])
    #expect(found["r3"]?.properties == ["parity": "odd"])
  }

  @Test func `the last words say how many rows were new and how many replaced`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    let lines = rows.lines
    let file = try tool.write("base.jsonl", lines.joined(separator: "\n"))
    _ = try tool.run("init", store, "A")
    let first = try tool.run("import", store, "A", file)
    #expect(first.errors.contains("durable: 60 new, 0 replaced"), "\(first.errors)")
    #expect(!first.errors.contains("warning"))
    // Ten again, one of them twice, and one more.
    let other = try tool.write(
      "more.jsonl",
      (lines.prefix(10) + [lines[0], #"{"id": "x", "vector": [1,2,3,4,5,6,7,8]}"#])
        .joined(separator: "\n"))
    let second = try tool.run("import", store, "A", other, "--batch", "4", "--json").json()
    #expect(second["imported"] == 12 && second["new"] == 1 && second["replaced"] == 11)
    #expect(second["without_vector"] == 0)
    let bad = try tool.write("bad.jsonl", #"{"id": "y", "vector": [1,2,3,4,5,6,7,8]}"# + "\n{")
    let failed = try tool.run("import", store, "A", bad)
    #expect(
      failed.errors.contains("1 row before the failure was imported and stays (1 new, 0 replaced)"),
      "\(failed.errors)")
  }

  @Test func `rows without a vector are pointed out, and a name that may be misspelt`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A")
    let file = try tool.write(
      "rows.jsonl",
      """
      {"id": "good", "vector": [1, 2, 3]}
      {"id": "bad", "vectr": [1, 2.5, 3], "tags": ["a", "b"], "year": 2020}
      {"id": "none"}
      """)
    let outcome = try tool.run("import", store, "A", file)
    #expect(outcome.status == 0)
    #expect(
      outcome.errors.contains("warning: 2 rows have no vector, the first is row 1"),
      "\(outcome.errors)")
    #expect(outcome.errors.contains(#""vectr" is a list of 3 numbers"#), "\(outcome.errors)")
    #expect(try tool.run("import", store, "A", file, "--json").json()["without_vector"] == 2)
    #expect(try contents(store).count == 3)
  }

  @Test func `objects of a compressed file belong to the rows of a vector file`() throws {
    let tool = try Tool()
    let data = "\(#filePath)".replacingTail(
      "Tests/SeamstoneToolTests/ImportTests.swift", "Sources/SeamstoneTool/DemoData")
    let reader = try VectorFileReader.open(data + "/queries.npy")
    let vectors = try #require(try reader.nextBatch())
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A")
    let outcome = try tool.run(
      "import", store, "A", data + "/queries.npy", "--objects", data + "/queries.jsonl.gz")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let found = try contents(store)
    #expect(found.count == 100)
    let titles = found.values.compactMap { $0.properties["title"] }
    #expect(titles.count == 100)
    #expect(found.values.contains { $0.vector == vectors.vector(0).map(Array.init) })
  }

  @Test func `a bad row ends with 65, file and row; acknowledged batches stay`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A")
    for (bad, word) in [
      (#"{"id": "bad", "vector": [1, 2]}"#, "dimensions"), ("{nonsense", "JSON"),
      (#"{"id": "bad", "vector": [1,2,3,4,5,6,7,1e99]}"#, "component 7"),
    ] {
      var lines = rows.lines
      lines[17] = bad
      let file = try tool.write("bad.jsonl", lines.joined(separator: "\n"))
      let outcome = try tool.run("import", store, "A", file, "--batch", "5")
      #expect(outcome.status == 65, "\(bad): \(outcome.errors)")
      #expect(
        outcome.errors.contains("bad.jsonl") && outcome.errors.contains("row 17")
          && outcome.errors.contains(word))
      #expect(try contents(store).count == 17)
    }
    var vectors = rows
    vectors = VectorFixture(count: 20, dimensions: 9)
    let other = try tool.run("import", store, "A", try vectors.write(tool.path("other.npy")))
    #expect(other.status == 65 && other.errors.contains("8"))
  }

  @Test func `an objects file must have one row for each vector`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A")
    let file = try rows.write(tool.path("base.npy"))
    let short = try tool.write(
      "short.jsonl", (0..<59).map { #"{"id":\#($0)}"# }.joined(separator: "\n"))
    let few = try tool.run("import", store, "A", file, "--objects", short)
    #expect(few.status == 65 && few.errors.contains("row 59"), "\(few.errors)")
    let long = try tool.write(
      "long.jsonl", (0..<61).map { #"{"id":\#($0)}"# }.joined(separator: "\n"))
    let many = try tool.run("import", store, "A", file, "--objects", long)
    #expect(many.status == 65 && many.errors.contains("more rows"), "\(many.errors)")
  }

  @Test func `what export writes import reads back`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A")
    let file = try tool.write("base.jsonl", rows.lines.joined(separator: "\n"))
    _ = try tool.run("import", store, "A", file)
    let first = try contents(store)
    let copy = tool.path("copy.jsonl")
    #expect(try tool.run("export", store, "A", "--output", copy).status == 0)
    let other = tool.path("b.seam")
    _ = try tool.run("init", other, "A")
    #expect(try tool.run("import", other, "A", copy).status == 0)
    #expect(try contents(other) == first)
    let vectors = tool.path("copy.npy")
    #expect(try tool.run("export", store, "A", "--output", vectors).status == 0)
    let batch = try VectorFileReader.open(vectors).nextBatch()
    #expect(batch?.vectors == rows.rows.flatMap { $0 })
    #expect(try tool.run("export", store, "A", "--output", tool.path("copy.txt")).status == 64)
  }
}

extension String {
  /// The text with another end.
  func replacingTail(_ old: String, _ new: String) -> String {
    hasSuffix(old) ? String(dropLast(old.count)) + new : self
  }
}
