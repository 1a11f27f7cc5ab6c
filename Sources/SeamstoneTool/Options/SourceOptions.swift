import ArgumentParser
import VectorFiles

extension VectorFileFormat: ExpressibleByArgument {}
extension AnnoyMetric: ExpressibleByArgument {}

/// What must be said about a file that does not say it itself.
struct SourceOptions: ParsableArguments {
  @Option(help: "What FILE is, if not what its name ends in.")
  var format: VectorFileFormat?

  @Option(help: "safetensors: the array to read. (default: data)")
  var tensor: String?

  @Option(help: "annoy: what the index compares by; its file does not say it.")
  var annoyMetric: AnnoyMetric?

  @Option(help: "annoy: components of a vector, where the collection does not know yet.")
  var dimensions: Int?

  func validate() throws {
    if let dimensions, !(1...VectorFileReader.maximumDimensions).contains(dimensions) {
      throw ValidationError(
        "--dimensions is \(dimensions); give 1 to \(VectorFileReader.maximumDimensions).")
    }
  }

  /// What the file is.
  func format(of file: String) throws -> VectorFileFormat {
    guard let format = format ?? VectorFileFormat(path: file) else {
      let names = VectorFileFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw VectorFileFormat.unknownEnding(
        file,
        remedy: "Known endings: \(VectorFileFormat.knownEndings); or give --format, one of \(names)"
      )
    }
    if tensor != nil, format != .safetensors {
      throw ValidationError("--tensor belongs to safetensors; \(file) is \(format.rawValue).")
    }
    if annoyMetric != nil || dimensions != nil, format != .annoy {
      throw ValidationError(
        "--annoy-metric and --dimensions belong to annoy; \(file) is \(format.rawValue).")
    }
    return format
  }

  /// How the file is read into a collection whose vectors are of that shape.
  func options(
    file: String, format: VectorFileFormat, shape: VectorShape, batch: Int
  ) throws -> VectorFileOptions {
    let known = shape.dimensions
    if let dimensions, let known, dimensions != known {
      throw VectorFileError(
        file: file,
        reason: "--dimensions is \(dimensions), but the collection's vectors have \(known)",
        remedy: "Leave --dimensions out, or use another collection")
    }
    guard format != .annoy || (annoyMetric != nil && (dimensions ?? known) != nil) else {
      let metrics = AnnoyMetric.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "An Annoy file does not say what it was made with: give --annoy-metric (\(metrics)) and, "
          + "unless the collection knows them, --dimensions.")
    }
    let wanted = VectorShape(dimensions: dimensions ?? known, elementType: shape.elementType)
    var options = wanted.options(batchRows: batch, batchBytes: 64 << 20)
    options.tensor = tensor ?? VectorFileOptions.defaultTensor
    options.annoyMetric = annoyMetric
    return options
  }
}
