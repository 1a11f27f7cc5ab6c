import TestSupport
import Testing

/// What a process holds while it imports depends on its limits, not on how much it imports.
@Suite struct MemoryTests {
  /// The most memory of its own that an import of so many rows held, in bytes.
  private func peak(_ rows: Int) throws -> Int {
    let directory = try TemporaryDirectory()
    let child = try ChildProcess(["import", directory.file("store.seam"), "\(rows)"])
    let words = (child.readLine() ?? "").split(separator: " ").compactMap { Int($0) }
    #expect(child.wait() == 0)
    try #require(words.count == 2 && words[0] == rows)
    return words[1]
  }

  @Test(.enabled(if: OwnMemory.anonymous() > 0))
  func anImportOfFiveTimesAsManyRowsTakesHardlyMoreMemory() throws {
    let (few, many) = (15_000, 75_000)
    let (small, large) = (try peak(few), try peak(many))
    let added = (many - few) * 128 * 4
    #expect(large - small < added / 6, "\(small) and \(large) bytes, \(added) more of vectors")
    print(
      "memory of its own at most: \(small >> 20) MiB for \(few) rows, \(large >> 20) MiB for \(many), "
        + "whose vectors have \(added >> 20) MiB more")
  }
}
