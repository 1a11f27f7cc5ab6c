/// Where the vectors are in a file that another tool keeps its index in, and what says their ids.
///
/// Everything is checked against the file's length before a row is read.
struct IndexFileRows {
  /// Rows of the same length, one after another.
  struct Run {
    /// The offset of the first row.
    var offset: Int
    /// The number of rows, absent ones included.
    var count: Int
    /// The offset of the first row's id, where ids are listed apart from the vectors.
    var idOffset = 0
  }

  /// How a vector is stored.
  enum Components {
    case elements(ElementType)
    /// One bit for each component, the lowest of a byte first; they become 0 and 1.
    case bits
  }

  /// What the id of a row is.
  enum IDs {
    /// The file has none.
    case none
    /// Its number, absent rows counted.
    case numbers
    /// An unsigned word of eight bytes at this offset in the row.
    case inRow(Int)
    /// A signed word of eight bytes in a list of the run.
    case listed
    /// The same, but it is a position in this table of ids.
    case mapped(IDTable)
  }

  /// Which rows are there.
  enum Presence {
    case all
    /// Rows with this bit in the byte at this offset were deleted.
    case unlessMarked(offset: Int, bit: UInt8)
    /// Rows start with a 32-bit 1; with 0 where no such number was added.
    case counted
  }

  var dimensions: Int
  var components = Components.elements(.float32)
  /// Bytes of a row.
  var stride: Int
  /// The offset of the vector in its row.
  var vectorOffset = 0
  var runs: [Run]
  var ids = IDs.none
  var presence = Presence.all
  /// Whether rows come in the order in which they were added.
  var isInOrder = true
  /// What the index compared by, where that is known and of use.
  var metric: IndexMetric?

  /// The number of rows, where no row can be absent.
  var exactRowCount: Int? {
    if case .all = presence { return runs.reduce(0) { $0 + $1.count } }
    return nil
  }

  /// Bytes of a row's vector.
  var vectorLength: Int {
    switch components {
    case .elements(let element): dimensions * element.size
    case .bits: (dimensions + 7) / 8
    }
  }
}

extension IndexFileRows {
  /// Reads what the file says of itself.
  init(
    file: InputFile, format: VectorFileFormat, options: VectorFileOptions
  ) throws(VectorFileError) {
    if options.holdsBytes {
      throw .holdsNumbers("an index of \(format.rawValue) is read as numbers", file: file.path)
    }
    let header = try HeaderReader(file: file, format: format)
    switch format {
    case .annoy: try self.init(annoy: header, options: options)
    case .hnswlib: try self.init(hnswlib: header)
    default: self = try FaissHeader(header).rows()
    }
    if let expected = options.expectedDimensions, dimensions != expected {
      throw VectorFileError(
        .dimensions, file: file.path,
        reason: "the vectors have \(dimensions) dimensions, but \(expected) are expected",
        remedy: VectorFileError.wrongDimensionsRemedy(expected))
    }
  }
}
