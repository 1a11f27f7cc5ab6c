package import ObjectStorage

/// Consecutive rows of a file.
package struct VectorBatch: Sendable {
  /// What a text row says besides its vector.
  package struct Record: Sendable, Hashable {
    /// The row's own id, if it has one.
    package var id: ObjectID?
    /// The row's properties.
    package var properties: [String: PropertyValue]
    /// Where the row's vector stands among the vectors of the batch; nil if it has none.
    package var vectorIndex: Int?
    /// The line of the file, counted from one.
    package var line: Int

    /// Creates a record.
    package init(
      id: ObjectID?, properties: [String: PropertyValue], vectorIndex: Int?, line: Int
    ) {
      self.id = id
      self.properties = properties
      self.vectorIndex = vectorIndex
      self.line = line
    }
  }

  /// The number of the first row in the file, counted from zero.
  package var firstRow: Int
  /// How many rows there are.
  package var rowCount: Int
  /// The length of each vector; 0 if no row so far had a vector.
  package var dimensions: Int
  /// The vectors, one after another. Row i has its vector at i, or at its record's `vectorIndex`.
  package var vectors: [Float]
  /// One for each row of a text file; empty for the other formats.
  package var records: [Record]
  /// One for each row of a binary file that keeps ids; empty for the other files.
  package var ids: [Int64] = []

  /// The vector of a row of the batch (0 is its first); nil if it has none.
  package func vector(_ row: Int) -> ArraySlice<Float>? {
    guard row >= 0, row < rowCount else { return nil }
    let index = records.isEmpty ? row : records[row].vectorIndex
    guard let index, (index + 1) * dimensions <= vectors.count else { return nil }
    return vectors[index * dimensions..<(index + 1) * dimensions]
  }
}
