/// Why a service gave no vectors.
public struct EmbeddingServiceError: Error, Sendable, Hashable {
  /// The kinds of failure.
  public enum Reason: String, Sendable {
    /// The service answered, and it will answer the same again: a wrong key, model or text.
    case refused
    /// The service answered that it cannot serve now, as often as it was asked.
    case unavailable
    /// There was no connection, or it broke, as often as it was tried.
    case unreachable
    /// There was no answer within the time limit.
    case timedOut
    /// The answer is not what the interface promises.
    case badResponse
  }

  /// The kind of failure.
  public var reason: Reason
  /// What happened; what the service said is shortened, and holds no key.
  public var message: String
  /// The HTTP status, if the service answered.
  public var status: Int?
  /// The address that was asked.
  public var endpoint: String
  /// How often the request was tried.
  public var attempts: Int

  init(_ reason: Reason, _ message: String, status: Int? = nil, endpoint: String, attempts: Int) {
    self.reason = reason
    self.message = message
    self.status = status
    self.endpoint = endpoint
    self.attempts = attempts
  }
}

extension EmbeddingServiceError: CustomStringConvertible {
  /// `reason: endpoint answered status: message (after n attempts)`.
  public var description: String {
    let answer = status.map { " answered \($0)" } ?? ""
    let count = attempts > 1 ? " (after \(attempts) attempts)" : ""
    return "\(reason.rawValue): \(endpoint)\(answer): \(message)\(count)"
  }
}
