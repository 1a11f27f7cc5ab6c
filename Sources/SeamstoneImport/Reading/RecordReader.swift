import Seamstone
internal import VectorFiles

/// Reads ids and properties from the file of objects, one row for each vector.
final class RecordReader {
  private let reader: VectorFileReader
  private var batch: VectorBatch?
  private var position = 0

  init(path: String) throws(VectorFileError) {
    reader = try VectorFileReader.open(path, options: VectorFileOptions(batchRows: 1_000))
    guard reader.format == .jsonl || reader.format == .jsonlGzip else {
      throw VectorFileError(
        file: path, reason: "objects are read from .jsonl or .jsonl.gz only")
    }
  }

  /// Whether the objects lie in a file, and do not come through a pipe.
  var isRegular: Bool { reader.progress.total != nil }

  /// The row that belongs to row `row` of the vectors.
  func next(row: Int, vectors: String) throws(VectorFileError) -> VectorBatch.Record {
    guard let record = try take() else {
      throw VectorFileError(
        file: reader.path, row: row, reason: "the file ends here, but \(vectors) has more rows",
        remedy: "Give one line for each vector")
    }
    guard record.vectorIndex == nil else {
      throw VectorFileError(
        file: reader.path, row: row, line: record.line,
        reason: "the row has a vector, but the vectors come from \(vectors)")
    }
    return record
  }

  /// Throws if rows are left.
  func expectEnd(afterRows vectors: String) throws(VectorFileError) {
    guard let record = try take() else { return }
    throw VectorFileError(
      file: reader.path, line: record.line, reason: "the file has more rows than \(vectors)",
      remedy: "Give one line for each vector")
  }

  private func take() throws(VectorFileError) -> VectorBatch.Record? {
    while true {
      if let batch, position < batch.records.count {
        defer { position += 1 }
        return batch.records[position]
      }
      batch = try reader.nextBatch()
      position = 0
      if batch == nil { return nil }
    }
  }
}
