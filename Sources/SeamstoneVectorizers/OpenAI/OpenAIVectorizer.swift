public import Seamstone

/// Asks a service that speaks OpenAI's interface for vectors: OpenAI itself, or one of the many servers of local models
/// that have the same `/v1/embeddings`.
///
/// ```swift
/// var options = StoreOptions()
/// options.vectorizers = [try OpenAIVectorizer(.init(model: "text-embedding-3-small"))]
/// ```
///
/// The key is read from an environment variable once and sent in a header; it is in no message and no log. Requests that
/// fail for the moment (429, 5xx, no connection, no answer) are tried again, as late as the service asks for.
/// Redirections are not followed.
///
/// Needs the package trait `Vectorizers`, which brings the HTTP client.
public final class OpenAIVectorizer: Vectorizer {
  /// The name that configurations use and stores keep.
  public let name: String
  /// Which service is asked, and how.
  public let configuration: Configuration
  private let service: EmbeddingService

  #if Vectorizers
    /// Creates a vectorizer. No request is sent before the first text.
    /// - Parameters:
    ///   - configuration: Which service is asked, and how.
    ///   - name: The name that configurations use and stores keep. Stores compare nothing else: give another model
    ///     another name.
    /// - Throws: `invalidConfiguration` naming what is wrong with the configuration, or the variable that holds no key.
    public convenience init(
      _ configuration: Configuration, name: String = "text2vec-openai"
    ) throws(StoreError) {
      try configuration.validate()
      let key = try configuration.key()
      self.init(
        configuration, name: name, key: key,
        transport: HTTPTransport(
          endpoint: configuration.endpoint, key: key, connections: configuration.concurrency))
    }
  #else
    /// Creates a vectorizer.
    @available(
      *, unavailable, message: "Enable the trait Vectorizers where you depend on Seamstone"
    )
    public convenience init(
      _ configuration: Configuration, name: String = "text2vec-openai"
    ) throws(StoreError) {
      throw StoreError(.notSupported, "Seamstone was built without the trait Vectorizers")
    }
  #endif

  init(
    _ configuration: Configuration, name: String, key: APIKey?, transport: any ServiceTransport
  ) {
    self.name = name
    self.configuration = configuration
    service = EmbeddingService(configuration: configuration, key: key, transport: transport)
  }

  /// The length of vectors that is asked for, if one is.
  public var dimensions: Int? { configuration.dimensions }

  /// The vectors of texts that are to be found.
  /// - Throws: `EmbeddingServiceError`, or `CancellationError` when the task is cancelled.
  public func vectors(for texts: [String]) async throws -> [[Float]] {
    try await service.vectors(for: texts, prefix: configuration.documentPrefix)
  }

  /// The vectors of texts that are searched for.
  /// - Throws: `EmbeddingServiceError`, or `CancellationError` when the task is cancelled.
  public func queryVectors(for texts: [String]) async throws -> [[Float]] {
    try await service.vectors(for: texts, prefix: configuration.queryPrefix)
  }
}

extension OpenAIVectorizer.Configuration {
  /// The key that the environment holds; nil where none is needed.
  func key() throws(StoreError) -> APIKey? {
    guard let keyVariable else { return nil }
    return try APIKey(variable: keyVariable)
  }
}

extension OpenAIVectorizer: CustomReflectable {
  /// Name and configuration: what dumps it must not walk through connections, whose buffers hold headers.
  public var customMirror: Mirror {
    Mirror(self, children: ["name": name, "configuration": configuration])
  }
}
