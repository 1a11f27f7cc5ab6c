import Seamstone
package import VectorFiles

extension StoreError {
  /// The error of a file, as the library tells it: the row in the message, file and byte as the place.
  package init(_ error: VectorFileError) {
    let code: Code =
      switch error.kind {
      case .data: .invalidData
      case .dimensions: .dimensionMismatch
      case .notFound: .notFound
      case .io: .io
      }
    var parts: [String] = []
    if let row = error.row { parts.append("row \(row)") }
    if let line = error.line { parts.append("line \(line)") }
    if let column = error.column { parts.append("component \(column)") }
    let place =
      parts.isEmpty
      ? "The file cannot be imported" : "Import stopped at \(parts.joined(separator: ", "))"
    self.init(
      code, "\(place): \(error.reason)", at: Location(path: error.file, offset: error.offset),
      remedy: error.remedy)
  }

  /// Runs `body` and throws its error as the library's.
  static func fromFile<Result>(
    _ body: () throws(VectorFileError) -> Result
  ) throws(StoreError) -> Result {
    do throws(VectorFileError) { return try body() } catch { throw StoreError(error) }
  }
}
