import Seamstone
import TestSupport
import Testing

/// `import` of other tools' indexes, from the files that the tools wrote.
@Suite struct IndexImportTests {
  private func fixture(_ name: String) -> String { ImportFixture.path(name) }

  private func vector(_ row: Int) -> [Float] { ImportFixture.vector(row) }

  private func contents(_ path: String) throws -> [ObjectID: [Float]?] {
    let store = try Store.open(at: FilePath(path))
    defer { store.close() }
    var found: [ObjectID: [Float]?] = [:]
    try store.read { snapshot in
      try snapshot.collection("A").forEachObject { object in
        found[object.id] = object.vector
        return true
      }
    }
    return found
  }

  @Test func `vectors and ids are taken over and can be searched`() throws {
    let tool = try Tool()
    for (name, flags, first, id, count) in [
      ("idmap-hnsw.faiss", [], 1, 995_003, 40), ("l2.hnswlib", [], 1, 8, 39),
      ("euclidean.ann", ["--annoy-metric", "euclidean", "--dimensions", "6"], 4, 4, 34),
      ("arrays.safetensors", ["--tensor", "half"], 7, 7, 40), ("ivf.faiss", [], 3, 995_009, 40),
    ] as [(String, [String], Int, Int64, Int)] {
      let store = tool.path(name + ".seam")
      _ = try tool.run("init", store, "A", "--metric", "l2-squared")
      let outcome = try tool.run(["import", store, "A", fixture(name), "--json"] + flags)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try outcome.json()["imported"] == .int(Int64(count)))
      let found = try contents(store)
      #expect(found.count == count, "\(name)")
      #expect(found[.int(id)] == vector(first), "\(name)")
      let text = vector(first).map { "\($0)" }.joined(separator: ",")
      let search = try tool.run("search", store, "A", "--vector=\(text)", "--k", "1", "--json")
      #expect(try search.json()["results"][0][0]["id"] == .int(id), "\(name): \(search.output)")
    }
  }

  @Test func `a name without an ending needs the format; flags must belong to it`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A", "--metric", "l2-squared")
    let copy = tool.path("embeddings")
    try TemporaryDirectory.copyTree(fixture("flat-ip.faiss"), to: copy)
    let unknown = try tool.run("import", store, "A", copy)
    #expect(unknown.status == 65 && unknown.errors.contains("--format"), "\(unknown.errors)")
    let named = try tool.run("import", store, "A", copy, "--format", "faiss", "--start-id", "100")
    #expect(named.status == 0, "\(named.errors)")
    #expect(try contents(store)[.int(139)] == vector(39))
    for (file, flags) in [
      ("l2.hnswlib", ["--tensor", "x"]), ("l2.hnswlib", ["--dimensions", "6"]),
      ("angular.ann", []), ("angular.ann", ["--annoy-metric", "cosine"]),
      ("angular.ann", ["--annoy-metric", "angular", "--dimensions", "0"]),
    ] {
      let outcome = try tool.run(["import", store, "A", fixture(file)] + flags)
      #expect(outcome.status == 64, "\(file) \(flags): \(outcome.errors)")
    }
    // The collection knows its dimensions now; what is said must agree.
    let known = try tool.run(
      "import", store, "A", fixture("angular.ann"), "--annoy-metric", "angular")
    #expect(known.status == 0, "\(known.errors)")
    let other = try tool.run(
      "import", store, "A", fixture("angular.ann"), "--annoy-metric", "angular", "--dimensions", "7"
    )
    #expect(other.status == 65 && other.errors.contains("7 dimensions"), "\(other.errors)")
  }

  @Test func `a collection of packed bits takes rows of bytes, and no index of numbers`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A", "--element", "bits", "--dimensions", "48")
    for (file, flags) in [
      ("l2.hnswlib", []), ("idmap-flat.faiss", []), ("arrays.safetensors", ["--tensor", "data"]),
      ("hamming.ann", ["--annoy-metric", "hamming"]),
    ] as [(String, [String])] {
      let outcome = try tool.run(["import", store, "A", fixture(file)] + flags)
      #expect(outcome.status == 65, "\(file): \(outcome.errors)")
      #expect(outcome.errors.contains("packed bits are rows of bytes"), "\(outcome.errors)")
    }
    let bytes = try tool.run(
      "import", store, "A", fixture("arrays.safetensors"), "--tensor", "unsigned", "--json")
    #expect(bytes.status == 0, "\(bytes.errors)")
    #expect(try bytes.json()["imported"] == 40)
  }

  @Test func `what cannot be read is refused with its byte; lists take no objects`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A")
    let codes = try tool.run("import", store, "A", fixture("refused-idmap-sq8.faiss"))
    #expect(codes.status == 65 && codes.errors.contains("offset 37"), "\(codes.errors)")
    #expect(codes.errors.contains("scalar codes"))
    let objects = try tool.write("objects.jsonl", "{\"id\": \"x\"}\n")
    let lists = try tool.run("import", store, "A", fixture("ivf.faiss"), "--objects", objects)
    #expect(
      lists.status == 65 && lists.errors.contains("without an objects file"), "\(lists.errors)")
  }
}
