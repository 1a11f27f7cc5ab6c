import Seamstone

extension OpenAIVectorizer {
  /// Which service is asked, and how.
  public struct Configuration: Sendable, Hashable {
    /// How vectors are written in replies.
    public enum Encoding: String, Sendable, CaseIterable {
      /// As numbers: every service does this.
      case float
      /// As base64 of their bytes: a quarter of the size, where the service knows it.
      case base64
    }

    /// The name of the model.
    public var model: String
    /// The service: requests go to `/v1/embeddings` below it. A `/v1` at its end is understood.
    public var baseURL = "https://api.openai.com"
    /// The environment variable that holds the key; nil for a service that needs none.
    public var keyVariable: String? = "OPENAI_API_KEY"
    /// The length of vectors to ask for, for models that offer several; nil leaves it to the model.
    public var dimensions: Int?
    /// How vectors are written in replies; either is read, whatever was asked for.
    public var encoding = Encoding.float
    /// What is put before texts that are stored, for models that want it (`"passage: "`, say).
    public var documentPrefix = ""
    /// What is put before texts that are searched for (`"query: "`, say).
    public var queryPrefix = ""
    /// The most texts in one request.
    public var maximumInputs = 256
    /// The most bytes of texts in one request; a text with more goes alone.
    public var maximumBytes = 256 << 10
    /// The most requests at the same time, for one call.
    public var concurrency = 4
    /// Tries of one request, the first included.
    public var maximumAttempts = 6
    /// The wait before the second try; it doubles with each further one, and a random half of it is left out.
    public var backoff = Duration.milliseconds(500)
    /// The longest wait between two tries that the service has not asked for.
    public var maximumBackoff = Duration.seconds(30)
    /// How long one try of one request may take.
    public var requestTimeout = Duration.seconds(60)
    /// How long a call may take, all its requests, tries and waits together.
    public var timeout = Duration.seconds(600)

    /// A configuration for a model of OpenAI's service.
    public init(model: String) { self.model = model }
  }
}

extension OpenAIVectorizer.Configuration {
  /// Where requests go.
  var endpoint: String {
    var base = baseURL[...]
    while base.hasSuffix("/") { base.removeLast() }
    if base.hasSuffix("/v1") { base.removeLast(3) }
    return base + "/v1/embeddings"
  }

  var retries: RetryPolicy {
    RetryPolicy(attempts: maximumAttempts, backoff: backoff, maximumBackoff: maximumBackoff)
  }

  /// Throws `invalidConfiguration` naming everything that is wrong.
  func validate() throws(StoreError) {
    var problems: [String] = []
    if model.isEmpty { problems.append("model is empty") }
    if !Self.isUsable(baseURL) {
      problems.append(
        "baseURL is \"\(baseURL)\"; it must be as https://host or http://host:port/path, without user, query and fragment"
      )
    }
    if let keyVariable, keyVariable.isEmpty || keyVariable.utf8.contains(0) {
      problems.append("keyVariable is no name of a variable")
    }
    if let dimensions, !(1...65_535).contains(dimensions) {
      problems.append("dimensions is \(dimensions); it must be 1 to 65535")
    }
    let counts = [
      ("maximumInputs", maximumInputs, 100_000), ("maximumBytes", maximumBytes, 1 << 30),
      ("concurrency", concurrency, 1_000), ("maximumAttempts", maximumAttempts, 1_000),
    ]
    for (name, value, largest) in counts where !(1...largest).contains(value) {
      problems.append("\(name) is \(value); it must be 1 to \(largest)")
    }
    let times = [
      ("backoff", backoff), ("maximumBackoff", maximumBackoff), ("requestTimeout", requestTimeout),
      ("timeout", timeout),
    ]
    for (name, value) in times where !(.milliseconds(1) ... .seconds(86_400)).contains(value) {
      problems.append("\(name) is \(value); it must be a millisecond to a day")
    }
    guard !problems.isEmpty else { return }
    throw StoreError(
      .invalidConfiguration,
      "The configuration of the vectorizer is not valid: " + problems.joined(separator: "; "))
  }

  private static func isUsable(_ url: String) -> Bool {
    guard let scheme = ["https://", "http://"].first(where: { url.lowercased().hasPrefix($0) })
    else {
      return false
    }
    let rest = url.utf8.dropFirst(scheme.utf8.count)
    guard let first = rest.first, first != UInt8(ascii: "/"), first != UInt8(ascii: ":") else {
      return false
    }
    return rest.allSatisfy { (0x21...0x7E).contains($0) && !"?#@\"\\<>".utf8.contains($0) }
  }
}
