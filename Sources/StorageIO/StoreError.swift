/// The one error type of Seamstone.
///
/// Every error says what went wrong (`code`, stable across releases), with which value
/// (`message`), where (`location`), why (`cause`) and what to do about it (`remedy`).
public struct StoreError: Error, Sendable, Equatable {
  /// The kind of failure; compare with this, never with texts.
  public var code: Code
  /// What went wrong, naming the value that was refused or the thing that failed.
  public var message: String
  /// The file, section and offset concerned, if there is one.
  public var location: Location?
  /// The error underneath, as text (for example the system's message for an `errno`).
  public var cause: String?
  /// What the caller can do about it.
  public var remedy: String?

  /// Creates an error.
  public init(
    _ code: Code, _ message: String, at location: Location? = nil, cause: String? = nil,
    remedy: String? = nil
  ) {
    self.code = code
    self.message = message
    self.location = location
    self.cause = cause
    self.remedy = remedy
  }
}

extension StoreError {
  /// A place on disk.
  public struct Location: Sendable, Hashable {
    /// The path of the file or directory.
    public var path: String
    /// The section of a segment file, or the database inside LMDB.
    public var section: String?
    /// The byte offset in the file (or in the section, where one is named).
    public var offset: Int?

    /// Creates a location.
    public init(path: String, section: String? = nil, offset: Int? = nil) {
      self.path = path
      self.section = section
      self.offset = offset
    }
  }
}

extension StoreError: CustomStringConvertible {
  /// `code: message (place) [cause]. Remedy.`
  public var description: String {
    var text = "\(code.rawValue): \(message)"
    if let location { text += " (\(location))" }
    if let cause { text += " [\(cause)]" }
    if let remedy { text += ". \(remedy)" }
    return text
  }
}

extension StoreError.Location: CustomStringConvertible {
  /// `path, section, offset`.
  public var description: String {
    var text = path
    if let section { text += ", \(section)" }
    if let offset { text += ", offset \(offset)" }
    return text
  }
}
