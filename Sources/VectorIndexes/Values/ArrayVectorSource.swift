import StorageIO

/// A source over vectors in memory, for tests, benchmarks and small rebuilds.
package struct ArrayVectorSource: VectorSource {
  package let docIDs: [UInt64]
  private let values: Values
  /// Bytes of a row.
  private let rowBytes: Int
  private let vanished: Set<UInt64>

  private enum Values: Sendable {
    case floats([Float])
    case bytes([UInt8])

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
      switch self {
      case .floats(let values): values.withUnsafeBytes(body)
      case .bytes(let values): values.withUnsafeBytes(body)
      }
    }
  }

  /// Creates a source over `values`, row after row, one row for each DocID.
  package init(
    docIDs: [UInt64], values: [Float], dimensions: Int, vanished: Set<UInt64> = []
  ) {
    self.docIDs = docIDs
    self.values = .floats(values)
    rowBytes = dimensions * MemoryLayout<Float>.stride
    self.vanished = vanished
  }

  /// Creates a source over packed bits, row after row, `rowBytes` each.
  package init(
    docIDs: [UInt64], bits: [UInt8], rowBytes: Int, vanished: Set<UInt64> = []
  ) {
    self.docIDs = docIDs
    values = .bytes(bits)
    self.rowBytes = rowBytes
    self.vanished = vanished
  }

  package func readBytes(
    _ positions: Range<Int>,
    into body: (Int, UnsafeRawPointer?) throws(StoreError) -> Void
  ) throws(StoreError) {
    let failure: StoreError? = values.withUnsafeBytes { buffer in
      guard positions.lowerBound >= 0, positions.upperBound <= docIDs.count,
        buffer.count >= docIDs.count * rowBytes
      else {
        return StoreError(.invalidArgument, "positions \(positions) are outside the source")
      }
      for position in positions {
        let gone = vanished.contains(docIDs[position])
        do throws(StoreError) {
          try body(position, gone ? nil : buffer.baseAddress.map { $0 + position * rowBytes })
        } catch { return error }
      }
      return nil
    }
    if let failure { throw failure }
  }
}
