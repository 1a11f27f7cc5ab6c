import Seamstone
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct BackupTests {
  private let rows = VectorFixture(count: 300, dimensions: 8)

  private func makeStore(_ tool: Tool) throws -> String {
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A", "--metric", "l2-squared")
    let made = try tool.run("import", store, "A", try rows.write(tool.path("base.fvecs")))
    #expect(made.status == 0, "\(made.errors)")
    return store
  }

  @Test func `backup and restore give the same store`() throws {
    let tool = try Tool()
    let store = try makeStore(tool)
    let backup = tool.path("backup")
    let made = try tool.run("backup", store, backup, "--verify", "--json")
    #expect(made.status == 0, "\(made.errors)")
    let report = try made.json()
    #expect(report["verification"]["ok"] == true && report["segments_missing"] == 0)
    #expect(try tool.run("backup", store, backup).errors.contains("there already"))
    let restored = tool.path("b.seam")
    #expect(try tool.run("restore", backup, restored).status == 0)
    #expect(try tool.run("verify", restored, "--deep").status == 0)
    let query = ["--near-id", "7", "--k", "5", "--exact", "--json"]
    let answers = try [store, restored].map { path in
      try tool.run(["search", path, "A"] + query).output
    }
    #expect(answers[0] == answers[1] && !answers[0].isEmpty)
    #expect(try tool.run("restore", backup, restored).status == 65)
    #expect(try tool.run("restore", store, tool.path("c.seam")).status == 65)
    #expect(try tool.run("restore", tool.path("no"), tool.path("c.seam")).status == 66)
    #expect(try tool.run("backup", store, restored).status == 65)
    #expect(try tool.run("backup", store, store + "/inside").status == 65)
    #expect(try tool.run("backup", tool.path("no"), backup).status == 66)
  }

  @Test func `backup runs beside a process that writes`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A", "--metric", "l2-squared")
    let file = try VectorFixture(count: 20_000, dimensions: 8).write(tool.path("large.fvecs"))
    let other = try Tool()
    let child = try other.start(["import", store, "A", file, "--batch", "50"])
    defer {
      kill(child, SIGKILL)
      _ = try? other.finish(child)
    }
    for round in 0..<3 {
      usleep(100_000)
      let backup = tool.path("backup-\(round % 2)")
      let outcome = try tool.run("backup", store, backup, "--verify")
      #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
      let restored = tool.path("restored-\(round)")
      #expect(try tool.run("restore", backup, restored).status == 0)
      let count = try tool.run("stats", restored, "--json").json()["collections"][0]["count"]
      #expect(Int(count.number ?? 1) % 50 == 0, "\(count)")
    }
  }

  @Test func `repair says what it did and ends with 1 if something was lost`() throws {
    let tool = try Tool()
    let store = try makeStore(tool)
    #expect(try tool.run("repair", store).errors.contains("Nothing is wrong"))
    // A whole page in the middle, which is not what it was.
    let path = store + "/data.mdb"
    let file = try #require(fopen(path, "r+"))
    fseek(file, 0, SEEK_END)
    let size = ftell(file)
    var page = [UInt8](repeating: 0, count: 4_096)
    var struck = false
    for start in stride(from: 8_192, to: size, by: 4_096) where !struck {
      fseek(file, start, SEEK_SET)
      guard fread(&page, 1, 4_096, file) == 4_096, page[10] == 2 else { continue }
      fseek(file, start, SEEK_SET)
      page[11] = 0x55
      fwrite(page, 1, 4_096, file)
      // The first leaves may be free pages: go on until it matters.
      fflush(file)
      struck = try tool.run("verify", store, "--deep").status == 1
    }
    fclose(file)
    try #require(struck)
    let found = try tool.run("verify", store, "--deep", "--json").json()["findings"][0]
    #expect(found["part"] == "database")
    #expect("\(found["remedy"])".contains("seamstone repair"))
    let repaired = try tool.run("repair", store, "--json")
    let report = try repaired.json()
    #expect(report["ok"] == true && report["salvaged_objects"].number != nil)
    #expect(repaired.status == (report["losses"].elements.isEmpty ? 0 : 1))
    #expect(try tool.run("verify", store, "--deep").status == 0)
    #expect(try tool.run("repair", tool.path("no")).status == 66)
  }
}
