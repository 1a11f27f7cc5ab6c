/// How a file is read.
package struct VectorFileOptions: Sendable {
  /// The length that every vector must have; nil takes that of the first.
  package var expectedDimensions: Int?
  /// Whether every component has to be a byte: packed bits, eight in each.
  package var holdsBytes = false
  /// The most rows in a batch.
  package var batchRows = 1_000
  /// About how many bytes of the file a batch may come from; at least one row is always read.
  package var batchBytes = 8 << 20
  /// The longest line of a text file.
  package var maximumLineLength = 64 << 20
  /// The array of a safetensors file that is read.
  package var tensor = VectorFileOptions.defaultTensor
  /// What an Annoy file was made with; the file does not say it.
  package var annoyMetric: AnnoyMetric?

  /// The array that txtai writes.
  package static let defaultTensor = "data"

  /// The usual options.
  package init(
    expectedDimensions: Int? = nil, batchRows: Int = 1_000, batchBytes: Int = 8 << 20,
    maximumLineLength: Int = 64 << 20, holdsBytes: Bool = false
  ) {
    self.expectedDimensions = expectedDimensions
    self.holdsBytes = holdsBytes
    self.batchRows = batchRows
    self.batchBytes = batchBytes
    self.maximumLineLength = maximumLineLength
  }
}
