extension StoreError {
  /// What kind of failure an error is. The raw value is part of the API and never changes.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// The stable name.
    public var rawValue: String

    /// Creates a code from its stable name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The store, collection or object does not exist.
    public static let notFound = Code(rawValue: "notFound")
    /// Something of that name exists already.
    public static let alreadyExists = Code(rawValue: "alreadyExists")
    /// A value given by the caller is not acceptable.
    public static let invalidArgument = Code(rawValue: "invalidArgument")
    /// A vector has another number of dimensions than its collection.
    public static let dimensionMismatch = Code(rawValue: "dimensionMismatch")
    /// A configuration is not acceptable, or differs from the one stored.
    public static let invalidConfiguration = Code(rawValue: "invalidConfiguration")
    /// Data read from a user's file is malformed.
    public static let invalidData = Code(rawValue: "invalidData")
    /// Another process or handle holds the store.
    public static let locked = Code(rawValue: "locked")
    /// The store or collection does not accept writes.
    public static let readOnly = Code(rawValue: "readOnly")
    /// The LMDB map is full and could not be grown.
    public static let mapFull = Code(rawValue: "mapFull")
    /// The disk is full.
    public static let noSpace = Code(rawValue: "noSpace")
    /// A system call failed.
    public static let io = Code(rawValue: "io")
    /// Stored bytes are not what was written.
    public static let corruption = Code(rawValue: "corruption")
    /// A file ends before the data it should hold.
    public static let truncatedFile = Code(rawValue: "truncatedFile")
    /// A file goes on after the data it should hold.
    public static let extendedFile = Code(rawValue: "extendedFile")
    /// The file belongs to something else.
    public static let foreignFile = Code(rawValue: "foreignFile")
    /// The file was written by a newer version.
    public static let formatTooNew = Code(rawValue: "formatTooNew")
    /// The file was written by a version that is no longer read.
    public static let formatTooOld = Code(rawValue: "formatTooOld")
    /// A sync failed: whether the write survived is unknown until the store is reopened.
    public static let outcomeUnknown = Code(rawValue: "outcomeUnknown")
    /// An earlier failed sync made the store refuse writes until it is reopened.
    public static let poisoned = Code(rawValue: "poisoned")
    /// Too many readers, snapshots or collections are open.
    public static let limitExceeded = Code(rawValue: "limitExceeded")
    /// A vectorizer gave no usable vectors; nothing was stored.
    public static let vectorizerFailed = Code(rawValue: "vectorizerFailed")
    /// The operation was cancelled.
    public static let cancelled = Code(rawValue: "cancelled")
    /// The store, snapshot or collection was closed or dropped.
    public static let closed = Code(rawValue: "closed")
    /// The operation is not available here.
    public static let notSupported = Code(rawValue: "notSupported")
    /// A defect of Seamstone.
    public static let internalError = Code(rawValue: "internalError")

    /// Whether stored bytes are not what was written: `corruption`, `truncatedFile`,
    /// `extendedFile` or `foreignFile`.
    public var isDamage: Bool {
      [Code.corruption, .truncatedFile, .extendedFile, .foreignFile].contains(self)
    }
  }
}
