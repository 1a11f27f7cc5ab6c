import ArgumentParser
import Seamstone
import SeamstoneImport
import VectorFiles

extension VectorFileFormat: ExpressibleByArgument {}
extension ImportFormat.AnnoyMetric: ExpressibleByArgument {}

/// What must be said about a file that does not say it itself.
struct SourceOptions: ParsableArguments {
  @Option(help: "What FILE is, if not what its name ends in.")
  var format: VectorFileFormat?

  @Option(help: "safetensors: the array to read. (default: data)")
  var tensor: String?

  @Option(help: "annoy: what the index compares by; its file does not say it.")
  var annoyMetric: ImportFormat.AnnoyMetric?

  @Option(help: "annoy: components of a vector, where the collection does not know yet.")
  var dimensions: Int?

  func validate() throws {
    if let dimensions, !(1...VectorFileReader.maximumDimensions).contains(dimensions) {
      throw ValidationError(
        "--dimensions is \(dimensions); give 1 to \(VectorFileReader.maximumDimensions).")
    }
  }

  /// What the file is, for a collection whose vectors have that many dimensions, if it knows.
  func format(of file: String, dimensions known: Int?) throws -> ImportFormat {
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
    if format == .safetensors, let tensor { return .safetensors(tensor: tensor) }
    guard format == .annoy else { return ImportFormat(format) }
    guard let annoyMetric, dimensions ?? known != nil else {
      let metrics = ImportFormat.AnnoyMetric.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "An Annoy file does not say what it was made with: give --annoy-metric (\(metrics)) and, "
          + "unless the collection knows them, --dimensions.")
    }
    return .annoy(metric: annoyMetric, dimensions: dimensions)
  }
}
