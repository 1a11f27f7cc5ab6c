import Seamstone
import TestSupport
import Testing
import VectorFiles

@Suite struct SearchTests {
  private let rows = VectorFixture(count: 200, dimensions: 8)
  private let queries = VectorFixture(count: 6, dimensions: 8, seed: 11)

  private func makeStore(_ tool: Tool) throws -> String {
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A", "--metric", "l2-squared")
    let made = try tool.run("import", store, "A", try rows.write(tool.path("base.fvecs")))
    #expect(made.status == 0, "\(made.errors)")
    return store
  }

  private func writeTruth(_ path: String, k: Int, shift: Int = 0) throws -> String {
    let writer = try VectorFileWriter(path: path, dimensions: k)
    for query in queries.rows {
      let nearest = rows.nearest(query, k + shift).suffix(k)
      try writer.append(integers: nearest.map { Int32($0) })
    }
    try writer.finish()
    return path
  }

  @Test func `queries of a file give ids, distances and properties in their order`() throws {
    let tool = try Tool()
    let store = try makeStore(tool)
    let file = try queries.write(tool.path("queries.fvecs"))
    let outcome = try tool.run("search", store, "A", "--queries", file, "--k", "5", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let results = try outcome.json()["results"].elements
    #expect(results.count == 6)
    for (query, hits) in zip(queries.rows, results) {
      let ids = hits.elements.compactMap { $0["id"].number }.map { Int($0) }
      #expect(ids == rows.nearest(query, 5))
      #expect(hits[0].names == ["distance", "id", "properties"])
    }
    let table = try tool.run("search", store, "A", "--near-id", "0", "--k", "3")
    #expect(table.status == 0 && table.output.split(separator: "\n").count == 4)
  }

  @Test func `a search that fails leaves a whole document, or nothing`() throws {
    let tool = try Tool()
    let store = try makeStore(tool)
    let none = try tool.run("search", store, "A", "--vector", "1,2", "--json")
    #expect(none.status == 65 && none.output.isEmpty, "\(none.output)")
    let row = "{\"vector\": [1, 2, 3, 4, 5, 6, 7, 8]}"
    let file = try tool.write("q.jsonl", [row, row, "{}"].joined(separator: "\n"))
    let some = try tool.run("search", store, "A", "--queries", file, "--k", "2", "--json")
    #expect(some.status == 65)
    if !some.output.isEmpty { #expect(try some.json()["results"].elements.count == 2) }
  }

  @Test func `--near-text needs a vectorizer, and says so`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    #expect(try tool.run("init", store, "A", "--dimensions", "2").status == 0)
    let refused = try tool.run("search", store, "A", "--near-text", "red stones")
    #expect(
      refused.status != 0 && refused.errors.contains("has no vectorizer"), "\(refused.errors)")
    let both = try tool.run("search", store, "A", "--near-text", "red", "--near-id", "0")
    #expect(both.status == 64 && both.errors.contains("--near-text"))
  }

  @Test func `--near-id takes bounds, offset and autocut, and leaves its object out`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    // Two groups with a jump between them.
    let places = [0, 1, 2, 3, 10, 11, 12]
    let lines = places.map { #"{"id": \#($0), "vector": [\#($0), 0]}"# }
    let file = try tool.write("line.jsonl", lines.joined(separator: "\n"))
    _ = try tool.run("init", store, "A", "--metric", "l2-squared")
    _ = try tool.run("import", store, "A", file)
    func found(_ arguments: String...) throws -> [PropertyValue] {
      let outcome = try tool.run(
        ["search", store, "A", "--near-id", "0", "--json"] + arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try outcome.json()["results"][0].elements.map { $0["id"] }
    }
    #expect(try found("--distance", "9") == [1, 2, 3])
    #expect(try found("--distance", "9", "--k", "2") == [1, 2])
    #expect(try found("--distance", "9", "--offset", "1") == [2, 3])
    #expect(try found("--k", "2", "--offset", "1") == [2, 3])
    #expect(try found("--autocut", "1") == [1, 2, 3])
    let more = try tool.run(
      "search", store, "A", "--near-id", "0", "--distance", "9", "--k", "2", "--json")
    #expect(try more.json()["truncated"] == [true])
    let all = try tool.run(
      "search", store, "A", "--near-id", "0", "--distance", "9", "--k", "3", "--json")
    #expect(try all.json()["truncated"] == [false])
    let missing = try tool.run("search", store, "A", "--near-id", "5", "--distance", "9")
    #expect(missing.status == 66 && missing.errors.contains("5"))
  }

  @Test func `--output writes the ids of every query`() throws {
    let tool = try Tool()
    let store = try makeStore(tool)
    let file = try queries.write(tool.path("queries.fvecs"))
    let found = tool.path("found.ivecs")
    let outcome = try tool.run(
      "search", store, "A", "--queries", file, "--k", "5", "--exact", "--output", found)
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    let ids = try IntegerRows(path: found)
    for (number, query) in queries.rows.enumerated() {
      #expect(ids.row(number).map { $0.map { Int($0) } } == rows.nearest(query, 5))
    }
  }

  @Test func `--where lets only matching objects through`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    let file = try tool.write("base.jsonl", rows.lines.joined(separator: "\n"))
    _ = try tool.run("init", store, "A")
    _ = try tool.run("import", store, "A", file)
    let condition = #"{"path":["parity"],"operator":"Equal","valueText":"odd"}"#
    let outcome = try tool.run(
      "search", store, "A", "--near-id", "r4", "--k", "20", "--where", condition, "--json")
    let hits = try outcome.json()["results"][0].elements
    #expect(hits.count == 20)
    #expect(hits.allSatisfy { $0["properties"]["parity"] == "odd" })
    let wrong = try tool.run(
      "search", store, "A", "--near-id", "r4", "--where", #"{"operator":"Equl"}"#)
    #expect(wrong.status == 65 && wrong.errors.contains("Equal"))
    let missing = try tool.run("search", store, "A", "--near-id", "r999")
    #expect(missing.status == 66 && missing.errors.contains("r999"))
    #expect(try tool.run("search", store, "A", "--vector", "1,2").status == 65)
  }

  @Test func `bench reports every point with the keys that were promised`() throws {
    let tool = try Tool()
    let store = try makeStore(tool)
    let truth = try writeTruth(tool.path("truth.ivecs"), k: 10)
    let outcome = try tool.run(
      "bench", store, "A", "--queries", try queries.write(tool.path("queries.fvecs")), "--truth",
      truth, "--k", "10", "--ef", "10,50", "--threads", "2", "--seconds", "0.05", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json()
    #expect(report["points"].elements.map { $0["ef"] } == [10, 50])
    for point in report["points"].elements {
      #expect(point["recall"].number == 1)
      for name in ["qps", "p50_us", "p99_us"] { #expect((point[name].number ?? 0) > 0, "\(name)") }
      #expect(point["threads"] == 2 && point["distances"].number != nil)
    }
    #expect(report["memory"].names == ["anonymous_bytes", "mapped_bytes", "rss_bytes"])
    #expect(report["build"]["count"] == 200)
  }

  @Test func `bench refuses a truth of fewer rows than there are queries`() throws {
    let tool = try Tool()
    let store = try makeStore(tool)
    let rows = VectorFixture(count: queries.rows.count - 1, dimensions: 10)
    let outcome = try tool.run(
      "bench", store, "A", "--queries", try queries.write(tool.path("queries.fvecs")), "--truth",
      try rows.write(tool.path("short.ivecs")), "--k", "10", "--ef", "10", "--seconds", "0.01")
    #expect(outcome.status == 65, "\(outcome.errors)")
    #expect(outcome.errors.contains("\(queries.rows.count - 1) rows"))
  }

  @Test func `one long text does not widen the table of results`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    let long = String(repeating: "x", count: 400)
    let file = try tool.write(
      "a.jsonl",
      """
      {"id": "\(long)", "vector": [1, 0], "title": "\(String(repeating: "t", count: 5000))"}
      {"id": "short", "vector": [1, 0.1], "title": "small"}
      """)
    _ = try tool.run("init", store, "A")
    #expect(try tool.run("import", store, "A", file).status == 0)
    let lines = try tool.run("search", store, "A", "--vector", "1,0").output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[1].contains(long) && lines[1].count > 5_400)
    #expect(lines[2].contains("short") && lines[2].count < 100, "\(lines[2].count)")
    #expect(lines[0].count < 100 && !lines.contains { $0.hasSuffix(" ") })
  }

  @Test func `bench without a truth measures speed and says nothing about recall`() throws {
    let tool = try Tool()
    let store = try makeStore(tool)
    let outcome = try tool.run(
      "bench", store, "A", "--queries", try queries.write(tool.path("queries.fvecs")), "--ef", "10",
      "--seconds", "0.05", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let point = try outcome.json()["points"][0]
    #expect((point["qps"].number ?? 0) > 0)
    #expect(point["recall"].number == nil)
  }

  @Test func `bench judges by true distance`() throws {
    let tool = try Tool()
    let store = try makeStore(tool)
    let file = try queries.write(tool.path("queries.fvecs"))
    func recall(_ truth: String, _ more: String...) throws -> Double? {
      let arguments = [
        "bench", store, "A", "--queries", file, "--truth", truth, "--k", "10", "--ef", "50",
        "--seconds", "0.01", "--json",
      ]
      let outcome = try tool.finish(try tool.start(arguments + more))
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try outcome.json()["points"][0]["recall"].number
    }
    // Answers that are better than the truth are right, whatever their ids are.
    #expect(try recall(try writeTruth(tool.path("far.ivecs"), k: 10, shift: 10)) == 1)
    // And those that are worse are wrong: here the truth's rows are the queries themselves.
    let same = try VectorFileWriter(path: tool.path("same.ivecs"), dimensions: 10)
    let base = try VectorFileWriter(path: tool.path("same.fvecs"), dimensions: 8)
    for (number, query) in queries.rows.enumerated() {
      try same.append(integers: [Int32](repeating: Int32(number), count: 10))
      try base.append(query)
    }
    try same.finish()
    try base.finish()
    #expect(try recall(tool.path("same.ivecs"), "--base", tool.path("same.fvecs")) == 0)
  }
}
