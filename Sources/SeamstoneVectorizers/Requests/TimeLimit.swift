/// Runs `body`, but for no longer than `limit`: then it is cancelled, and `error` is thrown as soon as it has ended.
func withTimeLimit<Result: Sendable>(
  _ limit: Duration, orThrow error: any Error,
  _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask { try await body() }
    group.addTask {
      try await Task.sleep(for: limit)
      return nil
    }
    defer { group.cancelAll() }
    // Two tasks were added, so one of them answers first.
    guard let first = try await group.next(), let result = first else { throw error }
    return result
  }
}
