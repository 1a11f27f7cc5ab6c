import Testing

/// No number that a user gives ends the process by a trap.
@Suite struct HugeNumberTests {
  private static let huge = "9223372036854775807"

  private func makeStore(_ tool: Tool) throws -> (store: String, base: String, truth: String) {
    let store = tool.path("a.seam")
    let rows = VectorFixture(count: 500, dimensions: 8)
    let base = try rows.write(tool.path("base.fvecs"))
    _ = try tool.run("init", store, "A", "--metric", "l2-squared")
    let made = try tool.run("import", store, "A", base)
    #expect(made.status == 0, "\(made.errors)")
    let truth = VectorFixture(count: 500, dimensions: 3)
    return (store, base, try truth.write(tool.path("truth.ivecs")))
  }

  @Test func `ids end where 64 bits end`() throws {
    let tool = try Tool()
    let (store, base, _) = try makeStore(tool)
    let outcome = try tool.run("import", store, "A", base, "--start-id", "9223372036854775800")
    #expect(outcome.status == 65, "\(outcome.errors)")
    #expect(
      outcome.errors.contains("row 8") && outcome.errors.contains("start id 9223372036854775800"))
  }

  @Test func `recall compares all there is`() throws {
    let tool = try Tool()
    let store = try makeStore(tool).store
    let outcome = try tool.run(
      "recall", store, "A", "--k", Self.huge, "--sample", "5", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try outcome.json()["recall"].number == 1)
  }

  @Test func `every number is answered or refused`() throws {
    let tool = try Tool()
    let (store, base, truth) = try makeStore(tool)
    let bench = ["bench", store, "A", "--queries", base, "--seconds", "0.01"]
    let search = ["search", store, "A", "--near-id", "1"]
    let recall = ["recall", store, "A"]
    let make = ["init", store, "B", "--dimensions", "8"]
    let least = "-9223372036854775808"
    for arguments in [
      ["import", store, "A", base, "--batch", Self.huge],
      recall + ["--sample", Self.huge], recall + ["--ef", Self.huge, "--sample", "5"],
      search + ["--k", Self.huge], search + ["--ef", Self.huge],
      search + ["--offset", Self.huge], search + ["--autocut", Self.huge],
      search + ["--k", Self.huge, "--offset", Self.huge],
      search + ["--k", Self.huge, "--output", tool.path("a.ivecs")],
      bench + ["--ef", Self.huge], bench + ["--k", Self.huge, "--ef", "10"],
      bench + ["--truth", truth, "--k", "3", "--ef", "10", "--start-id", Self.huge],
      bench + ["--truth", truth, "--k", "3", "--ef", "10", "--start-id=\(least)"],
      bench + [
        "--truth", truth, "--k", "3", "--ef", "10", "--start-id=\(least)", "--base", base,
      ],
      bench + ["--threads", Self.huge], bench + ["--seconds", "1e300"],
      ["init", store, "B", "--dimensions", Self.huge],
      make + ["--m", Self.huge], make + ["--ef-construction", Self.huge],
      make + ["--ef", Self.huge], make + ["--seed", "18446744073709551615"],
      make + ["--encoding", "pq", "--subvectors", Self.huge],
      make + ["--encoding", "pq", "--centroids", Self.huge],
      make + ["--encoding", "pq", "--training-limit", Self.huge],
      make + ["--encoding", "rabitq", "--bits", Self.huge],
      make + ["--encoding", "int8", "--rescore-limit", Self.huge],
    ] {
      let outcome = try tool.run(arguments)
      #expect(
        [0, 64, 65, 78].contains(outcome.status),
        "\(arguments.dropFirst(3)): \(outcome.status) \(outcome.errors)")
    }
  }
}
