import Seamstone
package import VectorFiles

extension ImportFormat {
  /// What the readers call it.
  func resolved(for path: FilePath) throws(StoreError) -> VectorFileFormat {
    switch self {
    case .automatic: return try recognised(path)
    case .fvecs: return .fvecs
    case .bvecs: return .bvecs
    case .ivecs: return .ivecs
    case .npy: return .npy
    case .jsonLines: return .jsonl
    case .safetensors: return .safetensors
    case .annoy: return .annoy
    case .hnswlib: return .hnswlib
    case .faiss: return .faiss
    }
  }

  private func recognised(_ path: FilePath) throws(StoreError) -> VectorFileFormat {
    guard let format = VectorFileFormat(path: path.string) else {
      throw StoreError(
        .invalidArgument, "The name of the file does not end in a known format",
        at: .init(path: path.string),
        remedy: "Give the format; known endings: \(VectorFileFormat.knownEndings)")
    }
    guard format != .annoy else {
      throw StoreError(
        .invalidArgument, "An Annoy file does not say what it was made with",
        at: .init(path: path.string), remedy: "Give .annoy(metric:dimensions:)")
    }
    return format
  }

  /// The format of a file that says all else itself: all but Annoy's, which becomes `automatic`.
  package init(_ format: VectorFileFormat) {
    self =
      switch format {
      case .fvecs: .fvecs
      case .bvecs: .bvecs
      case .ivecs: .ivecs
      case .npy: .npy
      case .jsonl, .jsonlGzip: .jsonLines
      case .safetensors: .safetensors()
      case .hnswlib: .hnswlib
      case .faiss: .faiss
      case .annoy: .automatic
      }
  }
}

extension VectorFiles.AnnoyMetric {
  init(_ metric: ImportFormat.AnnoyMetric) {
    self =
      switch metric {
      case .angular: .angular
      case .euclidean: .euclidean
      case .manhattan: .manhattan
      case .dot: .dot
      case .hamming: .hamming
      }
  }
}
