public import Seamstone
internal import VectorFiles

/// What a file of vectors says of itself, for who wants to choose a configuration before importing it.
public struct VectorFileDescription: Sendable, Hashable {
  /// What the file is; never ``ImportFormat/automatic``.
  public var format: ImportFormat
  /// The number of rows; nil where only reading them all would tell.
  public var rowCount: Int?
  /// The length of the vectors, in bits if it was asked for packed bits; nil where the file does not say it.
  public var dimensions: Int?
  /// What the index compared by; nil where the file does not say it, or where it is none that a collection can
  /// have. Annoy's angular distance is `cosine`, its hamming one that of numbers.
  public var metric: Metric?

  /// Reads the beginning of a file, and checks its length against it.
  /// - Parameter elementType: What the vectors are wanted for: `bits` for rows of bytes with eight bits each.
  /// - Throws: As `Collection.importVectors`; `invalidArgument` for a pipe.
  public init(
    of path: FilePath, format: ImportFormat = .automatic, elementType: ElementType = .float32
  ) throws(StoreError) {
    let plan = ImportPlan(path: path, format: format, options: .init())
    self = try plan.description(elementType: elementType)
  }

  init(format: ImportFormat, reader: VectorFileReader, elementType: ElementType) {
    self.format = format
    rowCount = reader.rowCount
    dimensions = reader.dimensions.map { elementType == .bits ? $0 * 8 : $0 }
    metric = reader.metric.map { metric in
      switch metric {
      case .angular: .cosine
      case .innerProduct: .dot
      case .euclidean: .l2Squared
      case .manhattan: .manhattan
      case .hamming: .hamming
      }
    }
  }
}
