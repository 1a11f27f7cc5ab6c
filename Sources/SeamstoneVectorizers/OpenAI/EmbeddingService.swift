import JSONText

/// Asks a service for the vectors of texts: divides them into requests, some at a time, and tries again what failed for
/// the moment.
struct EmbeddingService: Sendable {
  /// A reply with more bytes is not read: thousands of vectors with as many digits as floats can have need less.
  static let longestReply = 512 << 20
  /// What is read of a reply that says why there are no vectors.
  static let longestMessage = 64 << 10

  let configuration: OpenAIVectorizer.Configuration
  let key: APIKey?
  let transport: any ServiceTransport
  /// Waits; tests wait by their own clock.
  var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

  /// The vectors of texts, in their order.
  /// - Throws: `EmbeddingServiceError` or `CancellationError`.
  func vectors(for texts: [String], prefix: String) async throws -> [[Float]] {
    guard !texts.isEmpty else { return [] }
    let deadline = ContinuousClock.now + configuration.timeout
    let late = failure(
      .timedOut, "no vectors of \(texts.count) texts within \(configuration.timeout)")
    return try await withTimeLimit(configuration.timeout, orThrow: late) {
      try await allVectors(for: texts, prefix: prefix, deadline: deadline)
    }
  }

  private func allVectors(
    for texts: [String], prefix: String, deadline: ContinuousClock.Instant
  ) async throws -> [[Float]] {
    var waiting = TextBatches.ranges(
      of: texts, count: configuration.maximumInputs, byteCount: configuration.maximumBytes)[...]
    var vectors = [[Float]](repeating: [], count: texts.count)
    try await withThrowingTaskGroup(of: (range: Range<Int>, vectors: [[Float]]).self) { group in
      for range in waiting.prefix(configuration.concurrency) {
        group.addTask { (range, try await request(texts[range], prefix, deadline)) }
      }
      waiting = waiting.dropFirst(configuration.concurrency)
      // The first failure ends the others: the group cancels them when it is left.
      while let answer = try await group.next() {
        vectors.replaceSubrange(answer.range, with: answer.vectors)
        guard let range = waiting.popFirst() else { continue }
        group.addTask { (range, try await request(texts[range], prefix, deadline)) }
      }
    }
    return vectors
  }

  // MARK: - One request

  /// The vectors of the texts of one request, after as many tries as it takes.
  private func request(
    _ texts: ArraySlice<String>, _ prefix: String, _ deadline: ContinuousClock.Instant
  ) async throws -> [[Float]] {
    let body = EmbeddingRequest.body(texts: texts, prefix: prefix, configuration: configuration)
    var random = SystemRandomNumberGenerator()
    var attempt = 1
    while true {
      try Task.checkCancellation()
      let outcome = try await tryOnce(body, count: texts.count, attempt: attempt)
      guard case .again(var failure, let retryAfter) = outcome else { return try outcome.vectors() }
      guard attempt < configuration.maximumAttempts else { throw failure }
      let delay = configuration.retries.delay(
        after: attempt, askedFor: retryAfter, using: &random)
      guard ContinuousClock.now + delay < deadline else {
        failure.message += "; the next try would be in \(delay), after the time limit"
        throw failure
      }
      try await sleep(delay)
      attempt += 1
    }
  }

  private enum Outcome {
    case vectors([[Float]])
    case failed(EmbeddingServiceError)
    /// It may work later.
    case again(EmbeddingServiceError, retryAfter: Duration?)

    func vectors() throws(EmbeddingServiceError) -> [[Float]] {
      switch self {
      case .vectors(let vectors): return vectors
      case .failed(let error), .again(let error, _): throw error
      }
    }
  }

  private func tryOnce(_ body: [UInt8], count: Int, attempt: Int) async throws -> Outcome {
    let reply: ServiceReply
    do {
      let late = TransportFailure(
        reason: "no answer within \(configuration.requestTimeout)", isTimeout: true)
      reply = try await withTimeLimit(configuration.requestTimeout, orThrow: late) {
        try await transport.post(body, limit: EmbeddingService.longestReply)
      }
    } catch let error as TransportFailure {
      let text = ServiceMessage.short(error.reason, without: key)
      return .again(
        failure(error.isTimeout ? .timedOut : .unreachable, text, attempts: attempt),
        retryAfter: nil)
    }
    guard reply.status == 200 else { return refusal(reply, attempt: attempt) }
    guard !reply.isCut else {
      return .failed(
        failure(
          .badResponse, "the answer is longer than \(EmbeddingService.longestReply) bytes",
          status: 200, attempts: attempt))
    }
    do throws(JSONError) {
      return .vectors(
        try EmbeddingResponse.vectors(
          in: reply.body, count: count, dimensions: configuration.dimensions))
    } catch {
      return .failed(failure(.badResponse, error.description, status: 200, attempts: attempt))
    }
  }

  private func refusal(_ reply: ServiceReply, attempt: Int) -> Outcome {
    let message = ServiceMessage(reply, key: key)
    let isTemporary = RetryPolicy.isTemporary(status: reply.status) && !message.isFinal
    let error = failure(
      isTemporary ? .unavailable : .refused, message.text, status: reply.status, attempts: attempt)
    return isTemporary ? .again(error, retryAfter: reply.retryAfter) : .failed(error)
  }

  private func failure(
    _ reason: EmbeddingServiceError.Reason, _ message: String, status: Int? = nil,
    attempts: Int = 1
  ) -> EmbeddingServiceError {
    EmbeddingServiceError(
      reason, message, status: status, endpoint: configuration.endpoint, attempts: attempts)
  }
}
