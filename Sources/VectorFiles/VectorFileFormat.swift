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

  /// The format that the name of a file promises; nil if it is none of these.
  package init?(path: String) {
    let name = path.lowercased()
    for format in VectorFileFormat.allCases where name.hasSuffix("." + format.rawValue) {
      self = format
      return
    }
    return nil
  }

  /// The format of `path`, or an error that lists the known ones.
  static func of(_ path: String) throws(VectorFileError) -> VectorFileFormat {
    if let format = VectorFileFormat(path: path) { return format }
    let known = allCases.map { "." + $0.rawValue }.joined(separator: ", ")
    throw VectorFileError(
      file: path, reason: "the name does not end in a known format",
      remedy: "Known endings: \(known)")
  }

  /// Whether every row takes the same number of bytes.
  var hasFixedRows: Bool {
    switch self {
    case .fvecs, .bvecs, .ivecs, .npy: true
    case .jsonl, .jsonlGzip: false
    }
  }
}
