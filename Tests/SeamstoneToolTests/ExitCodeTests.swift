import Seamstone
import TestSupport
import Testing

@Suite struct ExitCodeTests {
  @Test func `wrong usage ends with 64 and says what is wrong`() throws {
    let tool = try Tool()
    for arguments in [
      ["search", "a.seam", "A"], ["init", "a.seam"], ["init", "a.seam", "A", "--metric", "cosin"],
      ["search", "a.seam", "A", "--vector", "1,x"], ["nonsense"],
    ] {
      let outcome = try tool.finish(try tool.start(arguments))
      #expect(outcome.status == 64, "\(arguments)")
      #expect(outcome.output.isEmpty && !outcome.errors.isEmpty, "\(arguments)")
    }
  }

  @Test func `a misspelt command is told from the near one`() throws {
    let tool = try Tool()
    for (word, remedy) in [
      ("serach", #"Did you mean "search"?"#), ("INIT", #"Did you mean "init"?"#),
      ("demo-writr", #"Known names: init, import"#), ("x", "Known names: init, import"),
    ] {
      let outcome = try tool.run(word, "a.seam")
      #expect(outcome.status == 64 && outcome.output.isEmpty)
      #expect(
        outcome.errors.contains(#"There is no command "\#(word)""#)
          && outcome.errors.contains(remedy), "\(outcome.errors)")
      #expect(!outcome.errors.contains("demo-writer"))
    }
    #expect(try tool.run("help", "search").status == 0)
    #expect(try tool.run("--version").status == 0)
  }

  @Test func `an empty path or name makes nothing`() throws {
    let tool = try Tool()
    for arguments in [["init", ""], ["init", "", "A"], ["stats", ""]] {
      let outcome = try tool.run(arguments)
      #expect(outcome.status == 64 && outcome.errors.contains("empty"), "\(outcome.errors)")
    }
    let store = tool.path("a.seam")
    let unnamed = try tool.run("init", store, "")
    #expect(unnamed.status == 65 && unnamed.errors.contains("empty"))
    #expect(try tool.run("stats", store).status == 66)
  }

  @Test func `the help of init shows the form of a configuration file, which works`() throws {
    let tool = try Tool()
    let help = try tool.run("init", "--help").output.split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    let start = try #require(help.firstRange(of: #"{"dimensions""#)?.lowerBound)
    let end = try #require(help[start...].firstRange(of: "}}")?.upperBound)
    let file = try tool.write("c.json", String(help[start..<end]))
    let store = tool.path("a.seam")
    let made = try tool.run("init", store, "A", "--config", file)
    #expect(made.status == 0, "\(made.errors)")
    let opened = try Store.open(at: FilePath(store))
    defer { opened.close() }
    #expect(
      try opened.collection("A").configuration()
        == .init(
          dimensions: 384, metric: .cosine,
          index: .hnsw(m: 24, efConstruction: 200, ef: .fixed(100), seed: 100),
          encoding: .int8(rescoreLimit: 20)))
  }

  @Test func `help goes to standard output and ends with 0`() throws {
    let outcome = try Tool().run("--help")
    #expect(outcome.status == 0)
    for command in [
      "init", "import", "search", "get", "delete", "export", "bench", "recall", "stats", "compact",
      "verify", "reindex", "demo",
    ] {
      #expect(outcome.output.contains("\n  \(command) "), "\(command)")
    }
    #expect(!outcome.output.contains("demo-writer"))
  }

  @Test func `a store, a collection or a file that is not there ends with 66`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    #expect(try tool.run("stats", store).status == 66)
    #expect(try tool.run("import", store, "A", tool.path("no.fvecs")).status == 66)
    #expect(try tool.run("init", store, "A").status == 0)
    let missing = try tool.run("stats", store, "B")
    #expect(missing.status == 66 && missing.errors.contains("B"))
    let file = try tool.run("import", store, "A", tool.path("no.fvecs"))
    #expect(file.status == 66 && file.errors.contains("no.fvecs"))
  }

  @Test func `a configuration that does not fit ends with 78`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    #expect(try tool.run("init", store, "A", "--dimensions", "4").status == 0)
    #expect(try tool.run("init", store, "A", "--dimensions", "4").status == 0)
    #expect(try tool.run("init", store, "A", "--metric", "dot").status == 78)
    #expect(try tool.run("init", store, "A", "--dimensions", "5").status == 78)
    #expect(
      try tool.run("init", store, "B", "--metric", "hamming", "--encoding", "int8").status == 78)
    let file = try tool.write("c.json", #"{"metrik": "dot"}"#)
    let outcome = try tool.run("init", store, "C", "--config", file)
    #expect(outcome.status == 78)
    #expect(outcome.errors.contains("c.json") && outcome.errors.contains("metric"))
  }

  @Test func `a configuration file counts where options are silent`() throws {
    let tool = try Tool()
    let file = try tool.write(
      "c.json", #"{"metric": "dot", "dimensions": 3, "index": {"kind": "hnsw", "m": 24}}"#)
    let store = tool.path("a.seam")
    let made = try tool.run("init", store, "A", "--config", file, "--dimensions", "6")
    #expect(made.status == 0, "\(made.errors)")
    let opened = try Store.open(at: FilePath(store))
    defer { opened.close() }
    let configuration = try opened.collection("A").configuration()
    #expect(configuration == .init(dimensions: 6, metric: .dot, index: .hnsw(m: 24)))
  }

  @Test func `a store that another process writes to ends with 75; reading goes on`() throws {
    let tool = try Tool()
    let path = tool.path("a.seam")
    let store = try Store.open(at: FilePath(path))
    defer { store.close() }
    try store.collection("A", .init(dimensions: 2)).upsert(
      VectorObject(id: 1, vector: [1, 0], properties: [:]))
    #expect(try tool.run("delete", path, "A", "1").status == 75)
    #expect(try tool.run("get", path, "A", "1").status == 0)
  }

  @Test func `get ends with 1 if an object is missing, and prints the others`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    let rows = try tool.write("a.jsonl", #"{"id": "x", "vector": [1, 2], "title": "first"}"#)
    #expect(try tool.run("init", store, "A").status == 0)
    #expect(try tool.run("import", store, "A", rows).status == 0)
    let outcome = try tool.run("get", store, "A", "x", "y", "--json")
    #expect(outcome.status == 1)
    let objects = try outcome.json()["objects"]
    #expect(objects[0]["id"] == "x" && objects[0]["properties"]["title"] == "first")
    #expect(objects.elements.count == 2 && objects[1] == .null)
    #expect(try tool.run("delete", store, "A", "x", "y", "--json").json()["deleted"] == 1)
    #expect(try tool.run("get", store, "A", "x").status == 1)
  }
}
