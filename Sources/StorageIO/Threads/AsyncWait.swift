/// Runs asynchronous work to its end while the calling thread waits: a thread of one's own, never one of the cooperative
/// pool, which the work may need.
package enum AsyncWait {
  /// Runs `body`; `started` is given the task, to cancel it. Throws what the work threw; what is no `StoreError`
  /// becomes the cause of one.
  package static func run<Value: Sendable>(
    started: (Task<Void, Never>) -> Void = { _ in },
    _ body: @escaping @Sendable () async throws -> Value
  ) throws(StoreError) -> Value {
    let outcome = ConditionLock<Result<Value, StoreError>?>(nil)
    let task = Task {
      let result: Result<Value, StoreError>
      do {
        result = .success(try await body())
      } catch let error as StoreError {
        result = .failure(error)
      } catch is CancellationError {
        result = .failure(StoreError(.cancelled, "The operation was cancelled"))
      } catch {
        result = .failure(StoreError(.internalError, "An operation failed", cause: "\(error)"))
      }
      outcome.update { $0 = result }
    }
    started(task)
    return try outcome.wait(until: { $0 }).get()
  }
}
