import ObjectStorage
import TestSupport
import Testing

@Suite("Weaviate classes on the command line")
struct WeaviateToolTests {
  let tool: Tool
  let store: String
  init() throws {
    tool = try Tool()
    store = tool.path("a.seam")
  }

  private func importLine() throws {
    let lines = (0..<5).map { #"{"id":\#($0),"vector":[1,\#($0)],"title":"t\#($0)"}"# }
    let file = try tool.write("rows.jsonl", lines.joined(separator: "\n"))
    #expect(try tool.run("import", store, "Article", file).status == 0)
  }

  @Test("init takes the name from the class, changes what can change and says what cannot")
  func initialise() throws {
    let file = try tool.write(
      "class.json",
      #"{"class":"Article","properties":[{"name":"title","dataType":["text"]}],"vectorIndexConfig":{"cleanupIntervalSeconds":9}}"#
    )
    let made = try tool.run("init", store, "--config", file)
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.errors.contains("Created Article"))
    #expect(made.errors.contains("cleanupIntervalSeconds has no effect"))
    #expect(try tool.run("init", store, "Article", "--config", file).status == 0)
    #expect(try tool.run("init", store, "Other", "--config", file).status == 64)
    #expect(try tool.run("init", store, "--config", file, "--metric", "dot").status == 64)
    let changed = try tool.write(
      "changed.json", #"{"class":"Article","vectorIndexConfig":{"maxConnections":8}}"#)
    let refused = try tool.run("init", store, "--config", changed)
    #expect(refused.status == 78)
    #expect(refused.errors.contains("maxConnections is immutable"))
    let wrong = try tool.write("wrong.json", #"{"class":"B","vectorIndexConfig":{"efs":8}}"#)
    let other = tool.path("b.seam")
    #expect(try tool.run("init", other, "--config", wrong).status == 78)
    #expect(try tool.run("stats", other, "--json").status == 66)
    try importLine()
    let statistics = try tool.run("stats", store, "Article", "--json").json()["collections"][0]
    #expect(statistics["status"] == "READY")
    #expect(statistics["read_only_reason"] == .null)
    let typed = try tool.write("typed.jsonl", #"{"id":9,"vector":[1,1],"title":3}"#)
    let mistyped = try tool.run("import", store, "Article", typed)
    #expect(mistyped.status != 0)
    #expect(mistyped.errors.contains("\"title\" of object 9 is 3"), "\(mistyped.errors)")
  }

  @Test("init takes a definition that says only what changes")
  func partial() throws {
    let file = try tool.write(
      "class.json",
      #"{"class":"Article","vectorIndexType":"flat","properties":[{"name":"title","dataType":["text"]}],"vectorIndexConfig":{"bq":{"enabled":true}}}"#
    )
    #expect(try tool.run("init", store, "--config", file).status == 0)
    let part = try tool.write(
      "part.json",
      #"{"class":"Article","properties":[{"name":"title","indexFilterable":false}],"vectorIndexConfig":{"bq":{"cache":true}}}"#
    )
    let changed = try tool.run("init", store, "--config", part)
    #expect(changed.status == 0, "\(changed.errors)")
    #expect(
      changed.errors.contains("Found Article") && changed.errors.contains("bq.cache has no effect"))
    #expect(
      try tool.run("index", store, "Article", "--json").json()["property_indexes"].elements.isEmpty)
    let other = tool.path("b.seam")
    #expect(try tool.run("init", other, "--config", part).status == 78)
    #expect(try tool.run("stats", other).status == 66)
  }

  @Test("What only the library can make is refused with the way to it")
  func needsTheLibrary() throws {
    let own = try tool.write("own.json", #"{"class":"A","vectorIndexType":"tiny"}"#)
    let refused = try tool.run("init", store, "--config", own)
    #expect(refused.status == 78)
    #expect(
      refused.errors.contains("registered in Swift, with StoreOptions.weaviateIndexTypes"),
      "\(refused.errors)")
    let texts = try tool.write("texts.json", #"{"class":"A","vectorizer":"text2vec-x"}"#)
    let named = try tool.run("init", store, "--config", texts)
    #expect(named.status == 78)
    #expect(named.errors.contains("The tool has no vectorizer \"text2vec-x\""), "\(named.errors)")
    #expect(
      named.errors.contains("text2vec-openai") && named.errors.contains("StoreOptions.vectorizers"))
    let native = try tool.write("native.json", #"{"vectorizer":"text2vec-x"}"#)
    #expect(try tool.run("init", store, "B", "--config", native).status == 78)
    #expect(try tool.run("stats", store).status == 66)
  }

  @Test("search takes bounds, offsets and autocut")
  func search() throws {
    let file = try tool.write("class.json", #"{"class":"Article"}"#)
    #expect(try tool.run("init", store, "--config", file).status == 0)
    try importLine()
    func found(_ arguments: String...) throws -> PropertyValue {
      let outcome = try tool.finish(
        try tool.start(["search", store, "Article", "--vector", "1,0", "--json"] + arguments))
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try outcome.json()
    }
    let all = try found("--distance", "2")
    #expect(all["results"][0].elements.map { $0["id"] } == [0, 1, 2, 3, 4])
    #expect(all["truncated"] == [false])
    #expect(all["results"][0][0]["certainty"].number == 1)
    let near = try found("--distance", "0.3", "--k", "1")
    #expect(near["results"][0].elements.count == 1 && near["truncated"] == [true])
    #expect(try found("--certainty", "0.8")["results"][0].elements.count == 2)
    let page = try found("--k", "2", "--offset", "1")
    #expect(page["results"][0].elements.map { $0["id"] } == [1, 2])
    #expect(try found("--k", "5", "--autocut", "1")["results"][0].elements.count < 5)
    #expect(try found("--k", "2").names == ["results"])
    let wrong = try tool.run(
      "search", store, "Article", "--vector", "1,0", "--distance", "1", "--certainty", "1")
    #expect(wrong.status == 64, "\(wrong.errors)")
  }
}
