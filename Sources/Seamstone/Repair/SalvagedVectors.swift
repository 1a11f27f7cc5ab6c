import ObjectStorage

/// Puts the parts of originals together, in step with the objects they belong to.
struct SalvagedVectors {
  private let records: SalvagedRecords
  private let layout: VectorLayout?
  private var next: SalvagedRecords.Record?

  init(records: SalvagedRecords, dimensions: Int?, pageSize: Int) {
    self.records = records
    layout = dimensions.map {
      VectorLayout(byteCount: $0 * MemoryLayout<Float>.stride, pageSize: pageSize)
    }
    next = records.next()
  }

  /// The original of a DocID, which must be above those asked for before; nil unless all of it can be read.
  mutating func vector(of docID: UInt64) -> [Float]? {
    guard let layout else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(layout.byteCount)
    var part = 0
    while let record = next {
      guard let key = record.number, key >> 8 <= docID else {
        if record.number != nil { break }
        next = records.next()
        continue
      }
      if key == docID << 8 | UInt64(part), part < layout.partCount,
        record.payload.count == layout.size(ofPart: part)
      {
        bytes += record.payload
        part += 1
      }
      next = records.next()
    }
    guard part == layout.partCount, bytes.count == layout.byteCount else { return nil }
    let vector = stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(
        bitPattern: bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
    return vector.allSatisfy(\.isFinite) ? vector : nil
  }
}
