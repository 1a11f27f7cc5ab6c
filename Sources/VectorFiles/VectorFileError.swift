#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Why a file of vectors or objects cannot be read or written, and where.
///
/// The command line maps it to an exit code by ``kind``: `data` and `dimensions` to 65, `notFound` to 66, `io` to 74.
package struct VectorFileError: Error, Sendable, Hashable {
  /// What kind of failure it is.
  package enum Kind: Sendable, Hashable {
    /// The file's content is not acceptable.
    case data
    /// The vectors are longer or shorter than expected.
    case dimensions
    /// There is no such file.
    case notFound
    /// The system failed to read or write.
    case io
  }

  /// What kind of failure it is.
  package var kind: Kind
  /// The path as the caller gave it.
  package var file: String
  /// The row, counted from zero as ids are.
  package var row: Int?
  /// The line of a text file, counted from one as editors do.
  package var line: Int?
  /// The component of the vector, counted from zero.
  package var column: Int?
  /// The byte of a binary file where what is wrong begins, counted from zero.
  package var offset: Int?
  /// What is wrong.
  package var reason: String
  /// What can be done about it.
  package var remedy: String?

  /// Creates an error.
  package init(
    _ kind: Kind = .data, file: String, row: Int? = nil, line: Int? = nil, column: Int? = nil,
    offset: Int? = nil, reason: String, remedy: String? = nil
  ) {
    self.kind = kind
    self.file = file
    self.row = row
    self.line = line
    self.column = column
    self.offset = offset
    self.reason = reason
    self.remedy = remedy
  }

  /// What to do about vectors that do not suit a collection.
  static func wrongDimensionsRemedy(_ expected: Int) -> String {
    "Use vectors of \(expected) components, or another collection; packed bits have eight in each byte"
  }

  /// The error for a file of numbers where packed bits are wanted. `what` says what it has.
  static func holdsNumbers(_ what: String, file: String) -> VectorFileError {
    VectorFileError(
      file: file, reason: "\(what), but packed bits are rows of bytes",
      remedy:
        "Give a .bvecs file, an array of uint8 in a .npy or .safetensors file, or lines of JSON "
        + "with bytes")
  }

  /// The error for a failed system call.
  static func system(_ call: String, errno number: Int32, file: String) -> VectorFileError {
    VectorFileError(
      number == ENOENT ? .notFound : .io, file: file,
      reason: "\(call) failed: \(String(cString: strerror(number))) (errno \(number))")
  }
}

extension VectorFileError: CustomStringConvertible {
  /// `file, row 16, line 17, component 3: reason. Remedy.`
  package var description: String {
    var text = file
    if let row { text += ", row \(row)" }
    if let line { text += ", line \(line)" }
    if let column { text += ", component \(column)" }
    if let offset { text += ", byte \(offset)" }
    text += ": \(reason)"
    if let remedy { text += ". \(remedy)" }
    return text
  }
}
