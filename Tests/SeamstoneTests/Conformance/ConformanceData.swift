import Seamstone
import TestSupport
import VectorFiles
import VectorMath

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Real vectors for the conformance suite: the demo's, cut short so that the suite is fast. With
/// SEAMSTONE_CONFORMANCE=full all of their components, and as many that codebooks are trained.
struct ConformanceData: Sendable {
  let vectors: [[Float]]
  let queries: [[Float]]
  let isFull: Bool

  static let shared = Result { try ConformanceData() }

  private init() throws {
    isFull = TestSettings.text("SEAMSTONE_CONFORMANCE") == "full"
    let (rows, components) = isFull ? (2_400, 384) : (160, 24)
    vectors = try Self.read("words", rows, components)
    queries = try Self.read("queries", isFull ? 50 : 8, components)
  }

  /// The first rows of a file of the demo's, cut short.
  static func read(_ name: String, _ rows: Int, _ components: Int) throws -> [[Float]] {
    let root = "/" + "\(#filePath)".split(separator: "/").dropLast(4).joined(separator: "/")
    let path = root + "/Sources/SeamstoneTool/DemoData/\(name).npy"
    let reader = try VectorFileReader.open(path, options: VectorFileOptions())
    var vectors: [[Float]] = []
    while vectors.count < rows, let batch = try reader.nextBatch() {
      for row in 0..<batch.rowCount where vectors.count < rows {
        vectors.append(Array(batch.vector(row)?.prefix(components) ?? []))
      }
    }
    return vectors
  }

  /// The vectors as a pair compares them: signs where it is of packed bits, and components that are equal or not
  /// where that counts.
  static func adapted(_ vector: [Float], to pair: ConformancePair) -> VectorValue {
    if pair.elementType == .bits { return .packed(vector) }
    return .floats(pair.metric == .hamming ? vector.map { ($0 / 24).rounded() } : vector)
  }
}
