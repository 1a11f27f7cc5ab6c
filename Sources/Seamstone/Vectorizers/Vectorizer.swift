/// Makes vectors of texts: an embedding model, in the process or behind a service.
///
/// Give a store its vectorizers by `StoreOptions.vectorizers`, and name one in a collection's configuration.
/// Objects of that collection may then come without vectors, and it can be searched near a text.
///
/// Seamstone checks what a vectorizer returns. A text must always give the same vector, nearly: vectors made
/// today are compared with those made years ago. So give another model another name.
public protocol Vectorizer: Sendable {
  /// The name that configurations use and stores keep; unique among the vectorizers of a store, and not `none`.
  var name: String { get }

  /// The number of components of the vectors it makes; nil if that is not known beforehand.
  var dimensions: Int? { get }

  /// The vectors of texts that are to be found, in the order of the texts.
  ///
  /// Called with all texts of a batch at once; dividing them up for a service is the vectorizer's business. The
  /// texts are not empty.
  /// - Throws: Any error. The store passes its description on as the cause of a `vectorizerFailed`, so it must hold no
  ///   secrets; a `CancellationError` is passed on as it is.
  func vectors(for texts: [String]) async throws -> [[Float]]

  /// The vectors of texts that are searched for, in the order of the texts: for models that tell queries from
  /// documents. Usually the same as `vectors(for:)`.
  func queryVectors(for texts: [String]) async throws -> [[Float]]
}

extension Vectorizer {
  /// As `vectors(for:)`.
  public func queryVectors(for texts: [String]) async throws -> [[Float]] {
    try await vectors(for: texts)
  }
}
