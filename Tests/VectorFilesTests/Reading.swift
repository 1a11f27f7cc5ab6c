import Testing

@testable import VectorFiles

/// All rows of a file, and the error at its end if there was one.
struct Reading {
  var vectors: [[Float]?] = []
  var records: [VectorBatch.Record] = []
  var batchSizes: [Int] = []
  var error: VectorFileError?
  var rowCount: Int?
  var dimensions: Int?

  init(_ path: String, options: VectorFileOptions = .init()) {
    do throws(VectorFileError) {
      let reader = try VectorFileReader.open(path, options: options)
      rowCount = reader.rowCount
      dimensions = reader.dimensions
      defer { dimensions = reader.dimensions }
      while let batch = try reader.nextBatch() {
        #expect(batch.firstRow == vectors.count)
        batchSizes.append(batch.rowCount)
        // Nothing of a bad row stays behind.
        let count =
          batch.records.isEmpty ? batch.rowCount : batch.records.count { $0.vectorIndex != nil }
        #expect(batch.vectors.count == count * batch.dimensions)
        for row in 0..<batch.rowCount { vectors.append(batch.vector(row).map { Array($0) }) }
        records += batch.records
      }
      #expect(try reader.nextBatch() == nil)
    } catch {
      self.error = error
    }
  }
}
