import Seamstone
import StoreModel
import TestSupport

/// Takes any bytes for operations on a small store and compares it with a dictionary.
///
/// Strategy: the first byte chooses the options, every further pair of bytes is an operation and the seed of what is
/// left to chance in it; sealing, compaction, conversion, reopening and copies of what a kill would leave are operations
/// like others.
/// Invariants: every exact answer and every object is the dictionary's, answers by index are complete, live and have true
/// distances; snapshots keep what they saw; `verify` finds nothing in the end.
enum OperationTarget {
  /// Short runs: what needs more operations is for the metamorphic tests.
  private static let mostOperations = 40

  private static let options: [RunOptions] = {
    let encodings: [(IndexConfiguration, VectorEncoding, Metric)] = [
      (.flat, .float32, .l2Squared), (.hnsw(m: 4), .int8(), .cosine),
      (.hnsw(m: 4), .float32, .hamming),
      (.flat, .rabitq(bits: 4), .dot), (.ivf(lists: 3, probes: 3), .int8(), .l2Squared),
      (.hnsw(m: 4), .pq(subvectors: 2, centroids: 16), .l2Squared),
      (.hash(bits: 3, flips: 3), .bits, .hamming), (.hnsw(m: 4), .bits, .hamming),
    ]
    return encodings.map { index, encoding, metric in
      var options = RunOptions("fuzz", metric: metric)
      options.dimensions = 6
      if encoding == .bits {
        options.usePackedBits()
        options.dimensions = 16
      }
      options.index = index
      options.encoding = encoding
      options.store = StoreFixture.options(threads: 1, sealRows: 16, graphRows: 40)
      options.store.durability = .relaxed
      // Small graphs of repeated vectors: what matters here is that answers are complete and true.
      options.floor = 0.5
      return options
    }
  }()

  static let check: @Sendable ([UInt8]) -> Void = { bytes in
    guard bytes.count >= 3 else { return }
    let options = options[Int(bytes[0]) % options.count]
    let kinds = StoreOperation.Kind.allCases
    var operations: [StoreOperation] = []
    for start in stride(from: 1, to: bytes.count - 1, by: 2) where operations.count < mostOperations
    {
      operations.append(
        StoreOperation(
          kinds[Int(bytes[start]) % kinds.count], seed: UInt64(bytes[start + 1]),
          position: operations.count))
    }
    do {
      let directory = try TemporaryDirectory(in: TemporaryDirectory.inMemory)
      var run = try OperationRun(options, in: directory.path, idRange: 60)
      try run.run(operations)
    } catch {
      fatalError("\(error)\n\(operations.map(\.description).joined(separator: "\n"))")
    }
  }
}
