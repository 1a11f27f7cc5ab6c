import Testing

@testable import StorageIO

@Suite struct SystemMemoryTests {
  private func limit(_ groups: String, _ files: [String: String]) -> Int? {
    SystemMemory.groupLimit(groups: groups) { files[$0] ?? "" }
  }

  @Test func theLeastLimitOfTheUnifiedTreeCounts() {
    let files = [
      "/sys/fs/cgroup/a/b/memory.max": "700\n", "/sys/fs/cgroup/a/memory.max": "500\n",
      "/sys/fs/cgroup/memory.max": "max\n",
    ]
    #expect(limit("0::/a/b\n", files) == 500)
    #expect(limit("0::/other\n", files) == nil)
  }

  @Test func namesOfTheHostLeadToTheTopOfTheTree() {
    #expect(limit("0::/../../host\n", ["/sys/fs/cgroup/memory.max": "300\n"]) == 300)
  }

  @Test func theMemoryControllerOfTheOldTreesIsFound() {
    let groups = "5:cpu,cpuacct:/x\n4:memory:/x\n1:name=systemd:/\n0::/x\n"
    let files = ["/sys/fs/cgroup/memory/x/memory.limit_in_bytes": "900\n"]
    #expect(limit(groups, files) == 900)
    #expect(limit("4:cpu:/x\n", files) == nil)
  }

  @Test func whateverTheFilesHoldNothingIsMadeOfIt() {
    #expect(limit("", [:]) == nil)
    #expect(limit(":::\n0::\nmemory\n", ["/sys/fs/cgroup/memory.max": "-5\n"]) == nil)
  }

  @Test func thisMachineHasALimit() {
    #expect((SystemMemory.limit() ?? 0) > 64 << 20)
  }
}
