import StorageIO

/// A source over vectors in memory, for tests, benchmarks and small rebuilds.
package struct ArrayVectorSource: VectorSource {
  package let docIDs: [UInt64]
  private let values: [Float]
  private let dimensions: Int
  private let vanished: Set<UInt64>

  /// Creates a source over `values`, row after row, one row for each DocID.
  package init(
    docIDs: [UInt64], values: [Float], dimensions: Int, vanished: Set<UInt64> = []
  ) {
    self.docIDs = docIDs
    self.values = values
    self.dimensions = dimensions
    self.vanished = vanished
  }

  package func read(
    _ positions: Range<Int>,
    into body: (Int, UnsafePointer<Float>?) throws(StoreError) -> Void
  ) throws(StoreError) {
    guard positions.lowerBound >= 0, positions.upperBound <= docIDs.count,
      values.count >= docIDs.count * dimensions
    else { throw StoreError(.invalidArgument, "positions \(positions) are outside the source") }
    let failure: StoreError? = values.withUnsafeBufferPointer { buffer in
      for position in positions {
        let gone = vanished.contains(docIDs[position])
        do throws(StoreError) {
          try body(position, gone ? nil : buffer.baseAddress.map { $0 + position * dimensions })
        } catch { return error }
      }
      return nil
    }
    if let failure { throw failure }
  }
}
