/// What a service answered.
struct ServiceReply: Sendable {
  /// The HTTP status.
  var status: Int
  /// How long the service asks to wait before the next request.
  var retryAfter: Duration?
  /// The body, or the beginning of it.
  var body: [UInt8]
  /// Whether the body had more bytes than were asked for.
  var isCut = false
}

/// Why there was no answer.
struct TransportFailure: Error {
  /// What happened, for messages.
  var reason: String
  /// Whether it took too long.
  var isTimeout = false
}

/// The way to a service: requests go out, replies come back.
protocol ServiceTransport: Sendable {
  /// Sends JSON and reads the reply, at most `limit` bytes of its body.
  /// - Throws: `TransportFailure` or `CancellationError`.
  func post(_ body: [UInt8], limit: Int) async throws -> ServiceReply
}
