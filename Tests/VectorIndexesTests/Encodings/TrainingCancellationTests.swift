import StorageIO
import Synchronization
import TestSupport
import Testing
import VectorIndexes
import VectorMath

/// Whoever cancels a build may change his mind at once: what had stopped by then does not start again, so a
/// build that was cancelled for a moment must not finish with what is left of it.
@Suite struct TrainingCancellationTests {
  /// Says yes to one call, and counts them.
  private final class OneYes: Sendable {
    private let calls = Atomic<Int>(0)
    private let yes: Int

    init(at yes: Int) { self.yes = yes }

    var count: Int { calls.load(ordering: .relaxed) }

    func callAsFunction() -> Bool { calls.add(1, ordering: .relaxed).oldValue == yes }
  }

  @Test(arguments: [1, 2])
  func `A build of product codes that is cancelled for a moment ends as cancelled`(
    threads: Int
  ) throws {
    let fixture = IndexFixture(.l2Squared, count: 1_200, dimensions: 16)
    let plan = EncodingPlan.pq(ProductPlan(subvectors: 8, centroids: 16))
    let never = OneYes(at: .max)
    _ = try build(fixture, plan, threads, never)
    // The calls before the encoding begins are those of the sample and of the training.
    #expect(never.count > (threads == 1 ? 9 : 2))
    for call in 0..<(threads == 1 ? never.count : 2) {
      let cancel = OneYes(at: call)
      let error = #expect(throws: StoreError.self, "call \(call)") {
        try build(fixture, plan, threads, cancel)
      }
      #expect(error?.code == .cancelled)
    }
  }

  private func build(
    _ fixture: IndexFixture, _ plan: EncodingPlan, _ threads: Int, _ cancel: OneYes
  ) throws -> BuiltSegment {
    var builder = fixture.builder(.flat, plan, threads: threads)
    builder.isCancelled = { cancel() }
    return try builder.build(from: fixture.source())
  }
}
