import ObjectStorage
import TestSupport
import Testing

@testable import VectorFiles

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where the real data sets are: `SEAMSTONE_DATA`, or `../shared/data` beside the package.
private let dataFolder: String? = {
  var root = #filePath.split(separator: "/", omittingEmptySubsequences: false)
  root.removeLast(3)
  let folder =
    TestSettings.text("SEAMSTONE_DATA")
    ?? root.joined(separator: "/") + "/../shared/data"
  return access(folder + "/sift-100k/base.bvecs", R_OK) == 0 ? folder : nil
}()

@Suite(
  "Reading the real data sets",
  .enabled(if: dataFolder != nil, "Set SEAMSTONE_DATA to the folder of the data sets"))
struct RealFileTests {
  let folder = dataFolder ?? ""

  @Test("sift-100k has bytes of 128 dimensions")
  func sift() throws {
    let reader = try VectorFileReader.open(folder + "/sift-100k/base.bvecs")
    #expect(reader.rowCount == 100_000)
    #expect(reader.dimensions == 128)
    try reader.seek(toRow: 99_998)
    let batch = try #require(try reader.nextBatch())
    #expect(batch.rowCount == 2)
    #expect(batch.vectors.allSatisfy { (0...255).contains($0) && $0 == $0.rounded() })
    #expect(try reader.nextBatch() == nil)
  }

  @Test("The truth of sift-100k agrees with its vectors")
  func truth() throws {
    let truth = try IntegerRows(path: folder + "/sift-100k/truth.ivecs")
    #expect(truth.rowCount == 1_000)
    #expect(truth.width == 100)
    let queries = try VectorFileReader.open(folder + "/sift-100k/query.bvecs")
    let distances = try VectorFileReader.open(folder + "/sift-100k/truth-dist.fvecs")
    let query = try #require(try queries.nextBatch()?.vector(0))
    let expected = try #require(try distances.nextBatch()?.vector(0)?.first)
    let nearest = try #require(truth.row(0)?.first)
    let base = try VectorFileReader.open(
      folder + "/sift-100k/base.bvecs", options: .init(batchRows: 1))
    try base.seek(toRow: Int(nearest))
    let found = try #require(try base.nextBatch()?.vector(0))
    let distance = zip(query, found).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect(distance == expected)
  }

  @Test("text-25k has halves of unit length")
  func text() throws {
    let reader = try VectorFileReader.open(folder + "/text-25k/base-f16.npy")
    #expect(reader.rowCount == 25_000)
    #expect(reader.dimensions == 384)
    let batch = try #require(try reader.nextBatch())
    for row in 0..<10 {
      let vector = try #require(batch.vector(row))
      let norm = vector.reduce(Float(0)) { $0 + $1 * $1 }
      #expect(abs(norm - 1) < 0.002)
    }
  }

  @Test("The objects of text-25k are read row by row")
  func objects() throws {
    let reader = try VectorFileReader.open(
      folder + "/text-25k/queries.jsonl.gz", options: .init(batchRows: 64))
    var rows = 0
    while let batch = try reader.nextBatch() {
      for (index, record) in batch.records.enumerated() {
        #expect(record.id == .int(Int64(batch.firstRow + index)))
        #expect(record.vectorIndex == nil)
        #expect(Set(record.properties.keys).isSuperset(of: ["source", "title", "text", "size"]))
      }
      rows += batch.rowCount
    }
    #expect(rows == 500)
  }
}
