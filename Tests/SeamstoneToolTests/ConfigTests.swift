import ObjectStorage
import Testing

@Suite("config check, and configurations of txtai's")
struct ConfigTests {
  let tool: Tool
  init() throws { tool = try Tool() }

  private let graph = """
    backend: hnsw
    hnsw:
      m: 8
      efsearch: 50
    offset: 12
    """

  @Test("config check says what settings become, as text and as JSON")
  func check() throws {
    let file = try tool.write("config.yml", graph)
    let text = try tool.run("config", "check", file, "--dimensions", "16")
    #expect(text.status == 0, "\(text.errors)")
    for part in [
      "hnsw.m", "hnsw.efsearch", "hnsw(m 8, efConstruction 200, seed 100)", "dimensions: 16",
      "metric: dot",
      "note: offset has no effect",
    ] { #expect(text.output.contains(part), "\(text.output)") }
    let json = try tool.run("config", "check", file, "--json").json()
    #expect(json["format"] == "txtai" && json["ok"] == true && json["backend"] == "hnsw")
    #expect(json["configuration"]["index"]["m"] == 8 && json["configuration"]["index"]["ef"] == 50)
    #expect(json["settings"][0]["name"] == "hnsw.m" && json["settings"][0]["value"] == "8")
    #expect(json["notes"].elements.count == 1)
  }

  @Test("config check derives for --count")
  func derived() throws {
    let file = try tool.write("config.yml", "faiss:\n  components: IVF,SQ8\n  sample: 0.5\n")
    let outcome = try tool.run("config", "check", file, "--count", "100000", "--json")
    #expect(outcome.status == 0)
    let json = try outcome.json()
    #expect(json["components"] == "IVF894,SQ8" && json["kind"] == "ivf(cells 894, probes 79)")
    #expect(json["configuration"]["index"]["lists"] == 894)
    #expect(json["configuration"]["index"]["trainingLimit"] == 50_000)
  }

  @Test("config check says what pre-transforms become")
  func transforms() throws {
    let file = try tool.write("config.yml", "faiss:\n  components: PCA16,OPQ8,PQ8\n")
    let json = try tool.run("config", "check", file, "--dimensions", "32", "--json").json()
    #expect(json["transforms"] == ["PCA16", "OPQ8"])
    #expect(
      json["configuration"]["transform"] == ["kind": "opq", "subvectors": 8, "dimensions": 16])
  }

  @Test("a transform is an option of init and reindex, and shown by stats")
  func transformOption() throws {
    let store = tool.path("store.seam")
    let made = try tool.run(
      "init", store, "texts", "--dimensions", "32", "--index", "flat", "--transform", "pca:16")
    #expect(made.status == 0, "\(made.errors)")
    func shown() throws -> PropertyValue { try tool.run("stats", store, "--json").json() }
    #expect(try shown()["collections"][0]["transform"] == "pca:16")
    #expect(try tool.run("stats", store).output.contains("pca:16, int8"))
    #expect(try tool.run("reindex", store, "texts", "--transform", "opq:4:8").status == 0)
    #expect(try shown()["collections"][0]["transform"] == "opq:4:8")
    #expect(try tool.run("reindex", store, "texts", "--transform", "none").status == 0)
    #expect(try tool.run("reindex", store, "texts", "--transform", "pca").status == 64)
    let refused = try tool.run("reindex", store, "texts", "--transform", "pca:33")
    #expect(refused.status == 78 && refused.errors.contains("more than the 32"))
  }

  @Test("config check reads classes and plain settings, and says what is wrong with exit code 78")
  func others() throws {
    let definition = try tool.write(
      "class.json", #"{"class":"A","vectorIndexConfig":{"cleanupIntervalSeconds":9}}"#)
    let json = try tool.run("config", "check", definition, "--json").json()
    #expect(json["format"] == "weaviate" && json["ok"] == true)
    #expect(json["notes"].elements.count == 1)
    #expect(json["configuration"]["index"]["m"] == 32)
    let wrong = try tool.write("wrong.json", #"{"class":"A","vectorIndexConfig":{"efs":9}}"#)
    let refused = try tool.run("config", "check", wrong)
    #expect(
      refused.status == 78 && refused.errors.contains("vectorIndexConfig")
        || refused.errors.contains("efs"))
    let plain = try tool.write("plain.yaml", "dimensions: 4\nindex: flat\nencoding: int4\n")
    let own = try tool.run("config", "check", plain, "--json").json()
    #expect(own["format"] == "seamstone" && own["configuration"]["dimensions"] == 4)
    let misspelt = try tool.write("misspelt.yml", "backend: faiss\nfaiss: {nprob: 3}\n")
    let txtai = try tool.run("config", "check", misspelt)
    #expect(txtai.status == 78 && txtai.errors.contains("Did you mean"), "\(txtai.errors)")
    let broken = try tool.write("broken.yml", "a: [1")
    #expect(try tool.run("config", "check", broken).status == 78)
    #expect(try tool.run("config", "check", tool.path("none.yml")).status == 66)
  }

  @Test("init takes txtai's YAML, stats shows what it became")
  func initialise() throws {
    let store = tool.path("a.seam")
    let file = try tool.write("config.yml", graph)
    let made = try tool.run("init", store, "texts", "--config", file)
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.errors.contains("offset has no effect"))
    let rows = try tool.write(
      "rows.jsonl", (0..<9).map { #"{"id":\#($0),"vector":[1,\#($0)]}"# }.joined(separator: "\n"))
    #expect(try tool.run("import", store, "texts", rows).status == 0)
    let found = try tool.run("search", store, "texts", "--vector", "0,1", "--k", "2", "--json")
      .json()
    #expect(found["results"][0].elements.map { $0["id"] } == [8, 7])
    let figures = try tool.run("stats", store, "--json").json()["collections"][0]
    #expect(figures["index"]["m"] == 8 && figures["index"]["seed"] == 100)
    #expect(figures["encoding"]["kind"] == "int8" && figures["metric"] == "dot")
    #expect(try tool.run("stats", store).output.contains("hnsw (m 8"))
    #expect(try tool.run("init", store, "--config", file).status == 64)
    #expect(try tool.run("init", store, "other", "--config", file, "--metric", "dot").status == 64)
    let packed = try tool.write("packed.yml", "faiss:\n  components: BFlat\n")
    let refused = try tool.run("init", store, "other", "--config", packed)
    #expect(refused.status == 78 && refused.errors.contains("is for packed bits"))
  }

  @Test("a forest is built at the end of an import, and takes changes again once it is reindexed")
  func forest() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    let file = try tool.write("forest.yml", "backend: annoy\nannoy:\n  ntrees: 4\n")
    #expect(try tool.run("init", store, "texts", "--config", file).status == 0)
    let rows = try tool.write(
      "rows.jsonl",
      (0..<80).map { #"{"id":\#($0),"vector":[1,\#($0)]}"# }.joined(separator: "\n"))
    #expect(try tool.run("import", store, "texts", rows, "--no-index").status == 0)
    let figures = { try tool.run("stats", store, "--json").json()["collections"][0] }
    #expect(try figures()["index_stage"] == "loading")
    #expect(try tool.run("import", store, "texts", rows).status == 0)
    #expect(try figures()["index_stage"] == "built" && figures()["status"] == "READONLY")
    #expect(try figures()["segments"][0]["kind"] == "annoy" && figures()["index"]["trees"] == 4)
    #expect(try tool.run("stats", store).output.contains("annoy (4 trees)"))
    let found = try tool.run("search", store, "texts", "--vector", "0,1", "--k", "2", "--json")
      .json()
    #expect(found["results"][0].elements.map { $0["id"] } == [79, 78])
    for change in [["import", store, "texts", rows], ["delete", store, "texts", "3"]] {
      let refused = try tool.run(change)
      #expect(refused.status != 0 && refused.errors.contains("reindex --index hnsw"))
    }
    #expect(try tool.run("reindex", store, "texts", "--index", "hnsw").status == 0)
    #expect(try tool.run("delete", store, "texts", "3").status == 0)
    #expect(try tool.run("reindex", store, "texts", "--index", "annoy", "--trees", "3").status == 0)
    #expect(try figures()["index_stage"] == "built" && figures()["count"] == 79)
    #expect(try tool.run("reindex", store, "texts", "--index", "annoy", "--m", "3").status == 64)
    #expect(try tool.run("reindex", store, "texts", "--lists", "2", "--trees", "3").status == 64)
    let other = try tool.run("reindex", store, "texts", "--lists", "2")
    #expect(other.status == 64 && other.errors.contains("--index ivf"), "\(other.errors)")
    #expect(try figures()["index_stage"] == "built")
  }

  @Test("what txtai derives from the number of vectors follows the number that is announced")
  func announcedCount() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    let file = try tool.write("faiss.yml", "backend: faiss\n")
    let few = try tool.run("init", store, "Few", "--config", file, "--dimensions", "8")
    #expect(
      few.status == 0 && few.errors.contains("flat for none") && few.errors.contains("--count"))
    let many = try tool.run(
      "init", store, "Many", "--config", file, "--dimensions", "8", "--count", "25000")
    #expect(many.status == 0 && !many.errors.contains("--count"))
    let found = try tool.run("stats", store, "--json").json()["collections"].elements
    #expect(found.map { $0["index"]["kind"] } == ["flat", "ivf"])
    #expect(found.last?["index"]["lists"] == 632 && found.last?["index"]["probes"] == 40)
    #expect(try tool.run("init", store, "No", "--config", file, "--count", "-1").status == 64)
  }

  @Test("an import and a conversion say where codes would not have done")
  func uncompressed() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    #expect(
      try tool.run("init", store, "A", "--metric", "l2-squared", "--index", "flat").status == 0)
    let rows = try tool.write(
      "rows.jsonl",
      (0..<400).map { row in
        let size = row % 100 == 0 ? 1_000_000 : 1
        return #"{"id":\#(row),"vector":[\#(size * (row % 20)),\#(size * (row / 20))]}"#
      }.joined(separator: "\n"))
    let imported = try tool.run("import", store, "A", rows)
    #expect(
      imported.status == 0 && imported.errors.contains("stored as float32"), "\(imported.errors)")
    #expect(
      !(try tool.run("reindex", store, "A", "--encoding", "float16").errors.contains("float32")))
    let back = try tool.run("reindex", store, "A", "--encoding", "int8")
    #expect(back.errors.contains("stored as float32"), "\(back.errors)")
  }
}
