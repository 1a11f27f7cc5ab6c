/// How often a request is tried, and how long to wait before it is tried again.
struct RetryPolicy: Sendable {
  /// Tries of one request, the first included.
  var attempts: Int
  /// The wait after the first failure; it doubles with each further one.
  var backoff: Duration
  /// The longest wait that is not asked for by the service.
  var maximumBackoff: Duration

  /// Whether a request that was answered by `status` may succeed later: time-outs, too many requests, and failures of the
  /// service.
  static func isTemporary(status: Int) -> Bool {
    status == 408 || status == 425 || status == 429 || (500...599).contains(status)
  }

  /// The wait after the failure of try `attempt` (1 is the first): exponential, of which a random half is left out, so
  /// that clients that failed together do not come back together (M. Brooker, "Exponential Backoff And Jitter", 2015). Never
  /// shorter than the service asked for.
  func delay(
    after attempt: Int, askedFor retryAfter: Duration?,
    using random: inout some RandomNumberGenerator
  ) -> Duration {
    var longest = backoff
    for _ in 1..<max(attempt, 1) where longest < maximumBackoff { longest = longest * 2 }
    let delay = min(longest, maximumBackoff) * Double.random(in: 0.5...1, using: &random)
    return max(delay, retryAfter ?? .zero)
  }
}
