import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Pages of LMDB's trees whose headers are overwritten: LMDB would follow them anywhere, the deep check finds them first.
@Suite struct DamagedPageTests {
  @Test func `verify --deep tells of damaged headers and does not die of them`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    let rows = try VectorFixture(count: 600, dimensions: 64).write(tool.path("base.fvecs"))
    _ = try tool.run("init", store, "A", "--metric", "l2-squared")
    #expect(try tool.run("import", store, "A", rows).status == 0)
    #expect(try tool.run("verify", store, "--deep").status == 0)
    let data = try bytes(store + "/data.mdb")
    let pages = Dictionary(
      grouping: (2..<data.count / 4_096).filter { [1, 2].contains(data[$0 * 4_096 + 10]) },
      by: { data[$0 * 4_096 + 10] })
    try #require(pages[1]?.isEmpty == false && pages[2]?.isEmpty == false)
    var found = 0
    for seed in 0..<12 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      var changed = data
      // One of the few branches, or a leaf.
      let page = try #require(pages[seed % 2 == 0 ? 1 : 2]?.randomElement(using: &random))
      for byte in 0..<32 where byte != 10 || seed % 3 == 0 {
        changed[page * 4_096 + byte] = UInt8.random(in: 0...255, using: &random)
      }
      _ = try tool.write("a.seam/data.mdb", changed)
      let outcome = try tool.run("verify", store, "--deep")
      // A page that no tree has any more may hold anything.
      #expect([0, 1].contains(outcome.status), "seed \(seed): \(outcome.status) \(outcome.errors)")
      if outcome.status == 1 {
        found += 1
        #expect(outcome.output.contains("page"), "seed \(seed): \(outcome.output)")
      }
    }
    #expect(found > 3)
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: ftell(file))
    rewind(file)
    try #require(fread(&bytes, 1, bytes.count, file) == bytes.count)
    return bytes
  }
}
