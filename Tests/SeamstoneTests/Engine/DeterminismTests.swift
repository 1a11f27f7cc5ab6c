import StorageIO
import StoreModel
import TestSupport
import Testing
import VectorIndexes

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The same workload under the manual scheduler makes the same segment files, byte for byte.
@Suite struct DeterminismTests {
  /// What the collection is made of.
  struct Form: Sendable, CustomTestStringConvertible {
    var metric = Metric.cosine
    var index = IndexConfiguration.hnsw(m: 8)
    var encoding = VectorEncoding.int8()
    /// Rows of each of the writes; a codebook needs a thousand to be trained on.
    var rows = 70
    var testDescription: String { "\(metric) \(index) \(encoding)" }
  }

  private func run(_ form: Form, threads: Int) throws -> [String: [UInt8]] {
    let bench = try StoreBench(
      dimensions: 12, metric: form.metric, seed: 51,
      options: StoreFixture.options(threads: threads, graphRows: 150))
    try bench.collection.reconfigure(index: form.index, encoding: form.encoding)
    for round in 0..<11 {
      try bench.upsert((round * form.rows / 2)..<(round * form.rows / 2 + form.rows))
      try bench.delete((0..<9).map { _ in Int.random(in: 0..<400, using: &bench.random) })
      if round % 3 != 2 { try bench.store.runBackgroundWork(isIdle: round % 2 == 0) }
    }
    try bench.reopen(options: StoreFixture.options(threads: threads, graphRows: 150))
    try bench.upsert(2_000..<2_100)
    try bench.store.runBackgroundWork()
    let segments = bench.state?.segments ?? []
    #expect(segments.contains { $0.handle?.index.hasGraph == true } == (form.index != .flat))
    // Not one that is stored otherwise because it is too small to train on.
    let plan = bench.state?.configuration.encodingPlan(dimensions: 12)
    #expect(segments.contains { $0.handle?.index.plan == plan })
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

  @Test(arguments: [
    Form(), Form(metric: .l2Squared, encoding: .float32), Form(metric: .manhattan, index: .flat),
    Form(metric: .dot, encoding: .int4()), Form(metric: .hamming, encoding: .float32),
    Form(metric: .l2Squared, encoding: .pq(subvectors: 4, centroids: 16), rows: 180),
    Form(metric: .dot, index: .flat, encoding: .float16), Form(encoding: .binary()),
    Form(metric: .l2Squared, encoding: .rabitq(bits: 1)),
  ])
  func theSameWorkloadMakesTheSameFilesAtAnyThreadCount(_ form: Form) throws {
    let first = try run(form, threads: 1)
    #expect(!first.isEmpty)
    // All pairs of runs for the usual form, of others the one that says most.
    let isUsual = form.testDescription == Form().testDescription
    for threads in isUsual ? [1, 2, 3] : [3] {
      let other = try run(form, threads: threads)
      #expect(other.keys.sorted() == first.keys.sorted())
      for (name, bytes) in first { #expect(other[name] == bytes, "\(name), \(threads) threads") }
    }
  }
}
