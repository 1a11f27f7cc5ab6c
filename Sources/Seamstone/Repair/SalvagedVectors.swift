import ObjectStorage
import VectorMath

/// Puts the parts of originals together, in step with the objects they belong to.
struct SalvagedVectors {
  private let records: SalvagedRecords
  private let layout: VectorLayout?
  private let elementType: ElementType
  private let dimensions: Int
  private var next: SalvagedRecords.Record?

  init(records: SalvagedRecords, configuration: CollectionConfiguration, pageSize: Int) {
    self.records = records
    elementType = configuration.elementType
    dimensions = configuration.dimensions ?? 0
    layout = configuration.dimensions.map {
      VectorLayout(
        byteCount: configuration.elementType.byteCount(dimensions: $0), pageSize: pageSize)
    }
    next = records.next()
  }

  /// The original of a DocID, which must be above those asked for before; nil unless all of it can be read.
  mutating func vector(of docID: UInt64) -> VectorValue? {
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
    guard part == layout.partCount,
      bytes.count == elementType.byteCount(dimensions: dimensions)
    else { return nil }
    let vector = unsafe bytes.withUnsafeBytes { raw in
      unsafe raw.baseAddress.map {
        unsafe VectorValue(copying: $0, elementType: elementType, dimensions: dimensions)
      }
    }
    if case .floats(let components) = vector, !components.allSatisfy(\.isFinite) { return nil }
    return vector
  }
}
