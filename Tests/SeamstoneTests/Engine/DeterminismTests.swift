import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The same workload under the manual scheduler makes the same segment files, byte for byte.
@Suite struct DeterminismTests {
  private func run(threads: Int) throws -> [String: [UInt8]] {
    let bench = try StoreBench(
      dimensions: 12, metric: .cosine, seed: 51,
      options: StoreFixture.options(threads: threads, graphRows: 150))
    for round in 0..<14 {
      try bench.upsert((round * 37)..<(round * 37 + 70))
      try bench.delete((0..<9).map { _ in Int.random(in: 0..<400, using: &bench.random) })
      if round % 3 != 2 { try bench.store.runBackgroundWork(isIdle: round % 2 == 0) }
    }
    try bench.reopen(options: StoreFixture.options(threads: threads, graphRows: 150))
    try bench.upsert(600..<700)
    try bench.store.runBackgroundWork()
    #expect(bench.state?.segments.contains { $0.handle?.index.hasGraph == true } == true)
    var files: [String: [UInt8]] = [:]
    for name in try bench.files() {
      let file = fopen(bench.segmentDirectory + "/" + name, "rb")
      var bytes = [UInt8](
        repeating: 0, count: try PosixFileSystem().length(bench.segmentDirectory + "/" + name))
      fread(&bytes, 1, bytes.count, file)
      if let file { fclose(file) }
      files[name] = bytes
    }
    return files
  }

  @Test func theSameWorkloadMakesTheSameFilesAtAnyThreadCount() throws {
    let first = try run(threads: 1)
    #expect(!first.isEmpty)
    for threads in [1, 2, 5] {
      let other = try run(threads: threads)
      #expect(other.keys.sorted() == first.keys.sorted())
      for (name, bytes) in first { #expect(other[name] == bytes, "\(name), \(threads) threads") }
    }
  }
}
