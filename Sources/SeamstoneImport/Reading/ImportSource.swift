import Seamstone
internal import VectorFiles

/// Turns the rows of a vector file, and of an objects file beside it, into objects.
///
/// Used by the thread that reads alone.
final class ImportSource: @unchecked Sendable {
  let reader: VectorFileReader
  private let records: RecordReader?
  private let firstID: Int64
  private let needsVectors: Bool
  let shape: VectorShape

  /// - Parameters:
  ///   - shape: What vectors must be.
  ///   - options: How it is read.
  ///   - firstID: The id of row 0; row numbers are ids where a row has none of its own.
  init(
    path: String, format: VectorFileFormat, objects: String?, shape: VectorShape,
    options: VectorFileOptions, firstID: Int64
  ) throws(VectorFileError) {
    reader = try VectorFileReader(path: path, format: format, options: options)
    guard objects == nil || reader.isInOrder else {
      throw VectorFileError(
        file: path, reason: "the rows stand in lists, not in the order of their ids",
        remedy: "Objects cannot be given their vectors by row: import without an objects file")
    }
    self.shape = shape
    records = if let objects { try RecordReader(path: objects) } else { nil }
    needsVectors = objects != nil
    self.firstID = firstID
  }

  /// Whether all that is read lies in files, so that no read waits for somebody.
  var isRegular: Bool { reader.progress.total != nil && records?.isRegular ?? true }

  /// The next batch; nil at the end. A bad row throws after the rows before it were handed out.
  func next() throws(VectorFileError) -> ImportBatch? {
    guard let batch = try reader.nextBatch() else {
      try records?.expectEnd(afterRows: reader.path)
      return nil
    }
    var objects: [VectorObject] = []
    objects.reserveCapacity(batch.rowCount)
    for row in 0..<batch.rowCount {
      objects.append(try object(row, of: batch))
    }
    let progress = reader.progress
    let fraction = progress.total.map { Double(progress.bytes) / Double(max($0, 1)) }
    return ImportBatch(firstRow: batch.firstRow, objects: objects, fraction: fraction)
  }

  /// The id of a row that has none.
  private func numbered(_ row: Int) throws(VectorFileError) -> ObjectID {
    let (number, overflow) = firstID.addingReportingOverflow(Int64(row))
    guard !overflow else {
      throw VectorFileError(
        file: reader.path, row: row,
        reason: "the row's number and the start id \(firstID) make an id beyond 64 bits",
        remedy: "Choose a smaller start id")
    }
    return .int(number)
  }

  private func object(
    _ row: Int, of batch: VectorBatch
  ) throws(VectorFileError) -> VectorObject {
    let number = batch.firstRow + row
    let vector = batch.vector(row).flatMap { shape.value(of: $0) }
    if needsVectors, vector == nil {
      throw VectorFileError(
        file: reader.path, row: number, reason: "the row has no vector",
        remedy: "With an objects file every row of the first file needs one")
    }
    let own = batch.records.isEmpty ? nil : batch.records[row]
    let other = try records?.next(row: number, vectors: reader.path)
    let kept = batch.ids.isEmpty ? own?.id : .int(batch.ids[row])
    let id: ObjectID
    if let known = other?.id ?? kept { id = known } else { id = try numbered(number) }
    var properties = own?.properties ?? [:]
    if let other { properties.merge(other.properties) { _, new in new } }
    return VectorObject(id: id, value: vector, properties: properties)
  }
}
