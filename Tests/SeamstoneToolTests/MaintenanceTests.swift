import ObjectStorage
import Seamstone
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct MaintenanceTests {
  private let rows = VectorFixture(count: 300, dimensions: 8)

  private func makeStore(_ tool: Tool) throws -> String {
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A", "--metric", "l2-squared")
    let made = try tool.run("import", store, "A", try rows.write(tool.path("base.fvecs")))
    #expect(made.status == 0, "\(made.errors)")
    return store
  }

  @Test func `stats has the keys that were promised`() throws {
    let tool = try Tool()
    let store = try makeStore(tool)
    _ = try tool.run("compact", store, "--full")
    let report = try tool.run("stats", store, "A", "--json").json()
    let collection = report["collections"][0]
    #expect(collection["name"] == "A" && collection["count"] == 300)
    #expect(collection["deleted"] == 0 && collection["tail"] == 0)
    #expect(collection["status"] == "READY")
    #expect((report["disk_bytes"].number ?? 0) > 0)
    let segment = collection["segments"][0]
    #expect(segment["count"] == 300 && segment["encoding"] == "int8" && segment["kind"] == "flat")
    for name in ["id", "deleted", "bytes"] { #expect(segment[name].number != nil, "\(name)") }
    #expect(try tool.run("stats", store).output.contains("300"))
  }

  @Test func `index makes, lists and drops property indexes`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A")
    let lines = (0..<30).map {
      #"{"id":\#($0),"vector":[1,\#($0)],"section":"s\#($0 % 3)","a":{"b":1}}"#
    }
    let file = try tool.write("rows.jsonl", lines.joined(separator: "\n"))
    #expect(try tool.run("import", store, "A", file).status == 0)
    func listed() throws -> [PropertyValue] {
      let list = try tool.run("index", store, "A", "--json").json()["property_indexes"]
      let statistics = try tool.run("stats", store, "--json").json()["collections"][0]
      #expect(statistics["property_indexes"] == list)
      return list.elements
    }
    #expect(try listed().isEmpty)
    let made = try tool.run("index", store, "A", "--property", "section", "--property", "a.b")
    #expect(made.status == 0 && made.errors.contains("indexed section"), "\(made.errors)")
    #expect(
      try listed() == [
        ["path": "section", "complete": true], ["path": "a.b", "complete": true],
      ])
    #expect(try tool.run("index", store, "A").output.contains("section"))
    #expect(try tool.run("stats", store).output.contains("a.b"))
    let found = try tool.run(
      "search", store, "A", "--vector", "1,0", "--k", "30", "--json", "--where",
      #"{"path":["section"],"operator":"Equal","valueText":"s1"}"#
    ).json()["results"][0]
    #expect(found.elements.count == 10)
    #expect(try tool.run("index", store, "A", "--property", "section", "--drop").status == 0)
    #expect(try listed() == [["path": "a.b", "complete": true]])
    let missing = try tool.run("index", store, "A", "--property", "a.c", "--drop")
    #expect(
      missing.status == 66 && missing.errors.contains("Did you mean \"a.b\"?"), "\(missing.errors)")
    #expect(try tool.run("index", store, "A", "--drop").status == 64)
    #expect(try tool.run("index", store, "A", "--property", "a..c").status == 64)
    #expect(try tool.run("verify", store, "--deep").status == 0)
  }

  @Test func `verify ends with 1 when a segment is missing or damaged, with 0 after its rebuild`()
    throws
  {
    let tool = try Tool()
    let store = try makeStore(tool)
    _ = try tool.run("compact", store, "--full")
    let good = try tool.run("verify", store, "--deep", "--json")
    #expect(good.status == 0, "\(good.output)")
    #expect(try good.json()["ok"] == true && good.json()["segments"] == 1)
    let id = try tool.run("stats", store, "--json").json()["collections"][0]["segments"][0]["id"]
    let digits = "\(Int(id.number ?? 0))"
    let name = String(repeating: "0", count: 16 - digits.count) + digits + ".seg"
    #expect(unlink(store + "/segments/" + name) == 0)
    let bad = try tool.run("verify", store, "--json")
    #expect(bad.status == 1, "\(bad.output)")
    #expect(try bad.json()["findings"][0]["segment"] == id)
    #expect(try tool.run("compact", store).status == 0)
    #expect(try tool.run("verify", store, "--deep").status == 0)
  }

  @Test func `compact mends a segment with flipped bits`() throws {
    let tool = try Tool()
    let store = try makeStore(tool)
    _ = try tool.run("compact", store, "--full")
    let id = try tool.run("stats", store, "--json").json()["collections"][0]["segments"][0]["id"]
    let digits = "\(Int(id.number ?? 0))"
    let path =
      store + "/segments/" + String(repeating: "0", count: 16 - digits.count) + digits + ".seg"
    let file = try #require(fopen(path, "r+"))
    // In the middle: past the header, before the table, which are looked at whenever the file is opened.
    fseek(file, 0, SEEK_END)
    fseek(file, ftell(file) / 2, SEEK_SET)
    let byte = fgetc(file)
    fseek(file, -1, SEEK_CUR)
    fputc(byte ^ 1, file)
    fclose(file)
    #expect(try tool.run("verify", store, "--deep").status == 1)
    #expect(try tool.run("compact", store).status == 0)
    #expect(try tool.run("verify", store, "--deep").status == 0)
  }

  @Test func `recall compares the index with exact search`() throws {
    let tool = try Tool()
    let store = try makeStore(tool)
    let report = try tool.run(
      "recall", store, "A", "--sample", "40", "--k", "5", "--json"
    ).json()
    #expect(report["recall"].number == 1 && report["sample"] == 40 && report["k"] == 5)
  }

  @Test func `reindex changes index and encoding and keeps everything`() throws {
    let tool = try Tool()
    let store = try makeStore(tool)
    _ = try tool.run("compact", store, "--full")
    let outcome = try tool.run("reindex", store, "A", "--index", "flat", "--encoding", "float32")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let collection = try tool.run("stats", store, "--json").json()["collections"][0]
    #expect(collection["segments"][0]["encoding"] == "float32" && collection["count"] == 300)
    #expect(try tool.run("reindex", store, "A").status == 64)
  }

  @Test func `reindex converts to every encoding and back`() throws {
    let tool = try Tool()
    let store = tool.path("e.seam")
    let rows = try VectorFixture(count: 1_300, dimensions: 8).write(tool.path("many.fvecs"))
    _ = try tool.run(
      "init", store, "A", "--metric", "l2-squared", "--encoding", "pq", "--subvectors", "2",
      "--centroids", "16")
    #expect(try tool.run("import", store, "A", rows).status == 0)
    func encodings() throws -> String {
      let report = try tool.run("stats", store, "A", "--json").json()["collections"][0]
      #expect(report["outdated"] == 0)
      guard case .string(let text) = report["segments"][0]["encoding"] else { return "" }
      return text
    }
    _ = try tool.run("compact", store, "--full")
    #expect(try encodings() == "pq(2x16)")
    for (arguments, name) in [
      (["--encoding", "pq", "--subvectors", "4"], "pq(4x16)"), (["--centroids", "32"], "pq(4x32)"),
      (
        ["--subvectors", "0", "--encoder", "tile", "--distribution", "normal"],
        "pq(8x32, tile normal)"
      ),
      (["--encoding", "rabitq", "--bits", "4"], "rabitq(4)"), (["--bits", "1"], "rabitq(1)"),
      (["--encoding", "binary", "--rescore-limit", "100"], "binary"),
      (["--encoding", "int4", "--training-limit", "500"], "int4"),
      (["--encoding", "float16"], "float16"), (["--encoding", "float32"], "float32"),
      (["--encoding", "int8"], "int8"),
    ] {
      let outcome = try tool.run(["reindex", store, "A"] + arguments)
      #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
      #expect(try encodings() == name)
    }
    for (arguments, status) in [
      (["--bits", "4"], 64), (["--encoding", "rabitq", "--centroids", "4"], 64),
      (["--encoding", "pq", "--distribution", "normal"], 64),
      (["--encoding", "pq", "--subvectors", "3"], 78),
      (["--encoding", "rabitq", "--bits", "3"], 78), (["--encoding", "int16"], 64),
    ] {
      let outcome = try tool.run(["reindex", store, "A"] + arguments)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
    }
    #expect(try encodings() == "int8")
  }

  @Test func `an import that is killed leaves whole batches, in order`() throws {
    let tool = try Tool()
    let file = try VectorFixture(count: 20_000, dimensions: 8).write(tool.path("large.fvecs"))
    var generator = SeededGenerator(seed: 3)
    for round in 0..<4 {
      let path = tool.path("\(round).seam")
      _ = try tool.run("init", path, "A")
      let child = try tool.start(["import", path, "A", file, "--batch", "10"])
      usleep(UInt32.random(in: 20_000...400_000, using: &generator))
      kill(child, SIGKILL)
      _ = try tool.finish(child)
      let store = try Store.open(at: FilePath(path))
      defer { store.close() }
      let collection = try store.collection("A")
      let count = try collection.count()
      #expect(count % 10 == 0, "seed 3, round \(round): \(count) rows")
      if count > 0 { #expect(try collection.get(.int(Int64(count - 1))) != nil) }
      #expect(try collection.get(.int(Int64(count))) == nil || count == 20_000)
    }
  }
}
