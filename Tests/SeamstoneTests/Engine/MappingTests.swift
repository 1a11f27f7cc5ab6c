import StoreModel
import TestSupport
import Testing

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Whoever opens and closes stores for days keeps nothing of those that are closed.
@Suite struct MappingTests {
  /// The mappings of files below a path.
  private func mappings(of path: String) -> Int {
    guard let file = fopen("/proc/self/maps", "r") else { return 0 }
    defer { fclose(file) }
    var count = 0
    var line = [CChar](repeating: 0, count: 4_096)
    while fgets(&line, Int32(line.count), file) != nil {
      if strstr(line, path) != nil { count += 1 }
    }
    return count
  }

  @Test(arguments: ["open", "search", "statistics", "snapshot", "verify", "work", "full"])
  func closedStoresAreUnmapped(_ use: String) throws {
    let bench = try StoreBench(seed: 81)
    try bench.fill(300, step: 60)
    for _ in 0..<4 {
      var options = StoreFixture.options(manual: use != "work")
      if use == "full" { options.verification = .full }
      try bench.reopen(options: options)
      switch use {
      case "search": _ = try bench.collection.search(near: bench.vector(), limit: 3)
      case "statistics": _ = try bench.store.statistics()
      case "snapshot": _ = try bench.store.read { try $0.collection("things").count() }
      case "verify": _ = try bench.store.verify(deep: true)
      case "work": _ = waitUntil { bench.store.recentEvents.contains { $0.kind == .scrubFinished } }
      default: break
      }
    }
    bench.store.close()
    // The last one is still there to be asked; nothing changes any more.
    let last = try #require(bench.state?.segments.count)
    let left = mappings(of: bench.segmentDirectory)
    #expect(last >= 1 && left <= last, "\(use): \(left) of \(last)")
  }
}
