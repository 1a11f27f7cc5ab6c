import Testing

@Suite struct DemoTests {
  @Test func `the demo tells its story to the end`() throws {
    let tool = try Tool()
    let outcome = try tool.run("demo")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("recall@10 against exact search: 1.0000"))
    #expect(outcome.output.contains("SIGKILL after"))
    let missing = try tool.run("demo", "--data", tool.path("nowhere"))
    #expect(missing.status == 66 && missing.errors.contains("nowhere"))
  }
}
