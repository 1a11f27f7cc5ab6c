import TestSupport
import VectorFiles

/// The files in `Fixtures`, which the tools themselves wrote, and how they are read.
enum IndexFixture {
  static let rows = ImportFixture.rows
  static let dimensions = ImportFixture.dimensions
  static let annoy: [AnnoyMetric] = AnnoyMetric.allCases
  /// Files of faiss whose ids are the map's or were given, and those that number their vectors.
  static let faissWithIDs = [
    "idmap-flat", "idmap2-flat", "idmap-hnsw", "ivf", "ivf-table", "idmap-ivf",
  ]
  static let faissNumbered = ["flat-l2", "flat-ip", "flat-lp", "hnsw", "ivf-hnsw"]

  static func path(_ name: String) -> String { ImportFixture.path(name) }

  /// Every file that is read, with what must be said about it.
  static var readable: [(name: String, options: VectorFileOptions)] {
    annoy.map { ("\($0.rawValue).ann", options($0)) }
      + ["l2.hnswlib", "ip.hnswlib", "arrays.safetensors", "ivf-sparse.faiss"].map { ($0, .init()) }
      + (faissWithIDs + faissNumbered).map { ($0 + ".faiss", .init()) }
  }

  static func options(_ metric: AnnoyMetric) -> VectorFileOptions {
    var options = VectorFileOptions(expectedDimensions: metric == .hamming ? 70 : dimensions)
    options.annoyMetric = metric
    return options
  }

  static func vector(_ row: Int, dimensions: Int = dimensions) -> [Float] {
    ImportFixture.vector(row, dimensions: dimensions)
  }

  static func id(_ row: Int) -> Int64 { ImportFixture.id(row) }

  /// Every row of a file with its id, by id; -1, -2 … where a row has none are never used.
  static func contents(
    _ path: String, options: VectorFileOptions
  ) throws(VectorFileError) -> [Int64: [Float]] {
    let reader = try VectorFileReader.open(path, options: options)
    var found: [Int64: [Float]] = [:]
    while let batch = try reader.nextBatch() {
      for row in 0..<batch.rowCount {
        let id = batch.ids.isEmpty ? Int64(batch.firstRow + row) : batch.ids[row]
        found[id] = batch.vector(row).map { Array($0) }
      }
    }
    return found
  }
}
