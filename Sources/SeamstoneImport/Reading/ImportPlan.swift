import Seamstone
internal import VectorFiles

/// What is read, and how.
struct ImportPlan: Sendable {
  let path: FilePath
  let format: ImportFormat
  let options: ImportOptions

  /// How much of a file a batch may hold.
  private static let batchBytes = 64 << 20

  /// What opens the file, whose rows become objects of a collection of this name and shape. Opening a pipe may take for ever.
  func opening(
    _ shape: VectorShape, collection: String
  ) throws(StoreError) -> @Sendable () throws(StoreError) -> ImportSource {
    try options.validate()
    let (format, file) = try reading(as: shape, collection: collection)
    return { () throws(StoreError) in
      try StoreError.fromFile { () throws(VectorFileError) in
        try ImportSource(
          path: path.string, format: format, objects: options.objects?.string, shape: shape,
          options: file, firstID: options.startID)
      }
    }
  }

  /// What the file says of itself.
  func description(elementType: ElementType) throws(StoreError) -> VectorFileDescription {
    let shape = VectorShape(dimensions: nil, elementType: elementType)
    let (format, options) = try reading(as: shape, collection: nil)
    let reader = try StoreError.fromFile { () throws(VectorFileError) in
      try VectorFileReader(path: path.string, format: format, options: options)
    }
    guard reader.progress.total != nil else {
      throw StoreError(
        .invalidArgument, "What a pipe or a device holds cannot be looked at and read again",
        at: .init(path: path.string), remedy: "Import it, or write it to a file first")
    }
    return description(of: reader, elementType: elementType)
  }

  /// What an open file says of itself.
  func description(
    of reader: VectorFileReader, elementType: ElementType
  ) -> VectorFileDescription {
    VectorFileDescription(
      format: format == .automatic ? ImportFormat(reader.format) : format, reader: reader,
      elementType: elementType)
  }

  private func reading(
    as shape: VectorShape, collection: String?
  ) throws(StoreError) -> (VectorFileFormat, VectorFileOptions) {
    let format = try format.resolved(for: path)
    var file = shape.options(batchRows: options.batchRows, batchBytes: Self.batchBytes)
    switch self.format {
    case .safetensors(let tensor): file.tensor = tensor
    case .annoy(let metric, let dimensions):
      file.annoyMetric = VectorFiles.AnnoyMetric(metric)
      file.expectedDimensions = try self.dimensions(dimensions, file, collection)
    default: break
    }
    return (format, file)
  }

  /// The dimensions of an Annoy file, which must be said by somebody, and the same by everybody.
  private func dimensions(
    _ said: Int?, _ file: VectorFileOptions, _ collection: String?
  ) throws(StoreError) -> Int {
    let known = file.expectedDimensions
    guard let dimensions = said ?? known else {
      throw StoreError(
        .invalidArgument, "Nothing says how many dimensions the vectors of the Annoy file have",
        at: .init(path: path.string), remedy: "Give .annoy(metric:dimensions:)")
    }
    guard (1...VectorFileReader.maximumDimensions).contains(dimensions) else {
      throw StoreError(
        .invalidArgument, "The Annoy file is said to have vectors of \(dimensions) dimensions",
        remedy: "Give 1 to \(VectorFileReader.maximumDimensions)")
    }
    // Rows of packed bits are refused for what they are.
    if let known, let collection, known != dimensions, !file.holdsBytes {
      throw StoreError(
        .dimensionMismatch,
        "The Annoy file is said to have vectors of \(dimensions) dimensions, but those of \"\(collection)\" have "
          + "\(known)",
        at: .init(path: path.string), remedy: "Leave the dimensions out, or use another collection")
    }
    return dimensions
  }
}
