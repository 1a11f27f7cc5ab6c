/// The formats of vector files, told apart by the ending of the name.
package enum VectorFileFormat: String, CaseIterable, Sendable {
  /// Rows of an Int32 dimension and that many Float32, little-endian.
  case fvecs
  /// Rows of an Int32 dimension and that many UInt8.
  case bvecs
  /// Rows of an Int32 dimension and that many Int32: usually the row numbers of true neighbours.
  case ivecs
  /// One NumPy array in C order.
  case npy
  /// One JSON object on each line.
  case jsonl
  /// The same, compressed by gzip.
  case jsonlGzip = "jsonl.gz"
  /// A file of named arrays, of which one is read.
  case safetensors
  /// What Annoy saves: no more than its nodes, so that metric and dimensions must be known.
  case annoy
  /// What hnswlib saves.
  case hnswlib
  /// What faiss writes, where it holds whole vectors.
  case faiss

  /// What the names of such files end in, without the dot.
  package var endings: [String] {
    switch self {
    case .annoy: ["annoy", "ann"]
    default: [rawValue]
    }
  }

  /// The format that the name of a file promises; nil if it is none of these.
  package init?(path: String) {
    let name = path.lowercased()
    for format in VectorFileFormat.allCases {
      for ending in format.endings where name.hasSuffix("." + ending) {
        self = format
        return
      }
    }
    return nil
  }

  /// The format of `path`, or an error that lists the known ones.
  static func of(_ path: String) throws(VectorFileError) -> VectorFileFormat {
    if let format = VectorFileFormat(path: path) { return format }
    throw unknownEnding(path, remedy: "Known endings: \(knownEndings)")
  }

  /// The error for a name that tells no format.
  package static func unknownEnding(_ path: String, remedy: String) -> VectorFileError {
    VectorFileError(file: path, reason: "the name does not end in a known format", remedy: remedy)
  }

  /// All endings, for messages.
  package static var knownEndings: String {
    allCases.flatMap(\.endings).map { "." + $0 }.joined(separator: ", ")
  }
}
