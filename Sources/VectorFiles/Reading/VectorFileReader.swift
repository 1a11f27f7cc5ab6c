/// Reads the rows of a vector or object file in batches, in bounded memory.
///
/// A row that is not acceptable ends the reading with a ``VectorFileError`` that names it; the rows
/// before it are delivered first, so that an import keeps them. Every vector that comes out has the
/// same number of components, all of them finite. One thread at a time may use a reader.
package final class VectorFileReader {
  /// The most components that a vector of a file may have.
  package static let maximumDimensions = 1 << 20

  /// The path as given.
  package let path: String
  /// The format, by the ending of the name.
  package let format: VectorFileFormat
  /// The number of rows, where the format tells it in advance.
  package let rowCount: Int?
  /// The length of the vectors, once known: at once in binary files that have a row.
  package var dimensions: Int? { rows.dimensions }
  /// Whether the rows come in the order in which they were added, so that another file's rows can
  /// belong to them by their numbers.
  package let isInOrder: Bool
  /// What an index compared by, where its file says it or it was said of it.
  package let metric: IndexMetric?

  private let file: InputFile
  private let rows: any RowSource
  private let options: VectorFileOptions
  /// The error to throw on the next call: that of the row after the last batch.
  private var failure: VectorFileError?

  /// Opens a file; `-` with an explicit format is standard input.
  package init(
    path: String, format: VectorFileFormat? = nil, options: VectorFileOptions = .init()
  ) throws(VectorFileError) {
    self.path = path
    self.options = options
    if let format { self.format = format } else { self.format = try VectorFileFormat.of(path) }
    file = try InputFile(path: path)
    switch self.format {
    case .fvecs, .bvecs, .ivecs, .npy, .safetensors:
      let layout = try FixedRowLayout(file: file, format: self.format, options: options)
      rowCount = layout.rowCount
      rows = try FixedRowReader(file: file, layout: layout)
    case .jsonl, .jsonlGzip:
      rowCount = nil
      rows = try JSONRowReader(file: file, format: self.format, options: options)
    case .annoy, .hnswlib, .faiss:
      let layout = try IndexFileRows(file: file, format: self.format, options: options)
      rowCount = layout.exactRowCount
      rows = IndexFileRowReader(file: file, layout: layout)
      isInOrder = layout.isInOrder
      metric = layout.metric
      return
    }
    isInOrder = true
    metric = nil
  }

  /// Opens a file.
  package static func open(
    _ path: String, options: VectorFileOptions = .init()
  ) throws(VectorFileError) -> VectorFileReader {
    try VectorFileReader(path: path, options: options)
  }

  /// The next rows; nil at the end.
  package func nextBatch() throws(VectorFileError) -> VectorBatch? {
    if let failure { throw failure }
    var batch = VectorBatch(
      firstRow: rows.nextRow, rowCount: 0, dimensions: 0, vectors: [], records: [])
    do {
      try rows.read(into: &batch, maximumRows: max(1, options.batchRows), options.batchBytes)
    } catch {
      failure = error
      if batch.rowCount == 0 { throw error }
    }
    batch.dimensions = rows.dimensions ?? 0
    return batch.rowCount > 0 ? batch : nil
  }

  /// Goes on at `row`, to resume an import: at once in binary files, by reading in text files.
  ///
  /// Going beyond the last row is no error: the next batch is nil.
  package func seek(toRow row: Int) throws(VectorFileError) {
    guard row >= rows.nextRow else {
      throw VectorFileError(file: path, row: row, reason: "a row before the one to be read next")
    }
    try rows.seek(toRow: row)
  }

  /// How much of the file is read, for a progress bar; the total is nil for a pipe.
  package var progress: (bytes: Int, total: Int?) { (rows.fileBytesRead, file.length) }
}

/// What the two families of formats have in common.
protocol RowSource: AnyObject {
  /// The length of the vectors, once known.
  var dimensions: Int? { get }
  /// The number of the row to be read next.
  var nextRow: Int { get }
  /// How much of the file is read.
  var fileBytesRead: Int { get }
  /// Appends rows until a limit, the end or a bad row; the good rows before a bad one are appended.
  func read(into batch: inout VectorBatch, maximumRows: Int, _ maximumBytes: Int)
    throws(VectorFileError)
  /// Goes on at a later row.
  func seek(toRow row: Int) throws(VectorFileError)
}
