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
    #expect(all["results"][0][0]["certainty"] == 1)
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
