import StorageIO

@testable import SeamstoneVectorizers

/// Answers requests as it was told to, without a network.
final class ScriptedTransport: ServiceTransport {
  /// What happens to one request.
  enum Step: Sendable {
    case reply(ServiceReply)
    case fail(TransportFailure)
    /// Never answers; ends when it is cancelled.
    case hang
  }
  private struct State {
    var steps: [Step]
    var bodies: [String] = []
    var running = 0
    var mostRunning = 0
  }
  private let state: ConditionLock<State>
  private let answer: @Sendable (String) -> Step

  /// - Parameters:
  ///   - steps: What happens to the first requests, in the order in which they come.
  ///   - answer: What happens to the others, by their bodies.
  init(_ steps: [Step] = [], answer: @escaping @Sendable (String) -> Step = { _ in .hang }) {
    state = ConditionLock(State(steps: steps))
    self.answer = answer
  }

  /// The bodies of the requests so far.
  var bodies: [String] { state.withLock { $0.bodies } }
  /// The most requests that were there at the same time.
  var mostRunning: Int { state.withLock { $0.mostRunning } }

  func post(_ body: [UInt8], limit: Int) async throws -> ServiceReply {
    let text = String(decoding: body, as: UTF8.self)
    let step = state.update { state in
      state.bodies.append(text)
      state.running += 1
      state.mostRunning = max(state.mostRunning, state.running)
      return state.steps.isEmpty ? answer(text) : state.steps.removeFirst()
    }
    defer { state.update { $0.running -= 1 } }
    // Lets the other requests begin.
    for _ in 0..<20 { await Task.yield() }
    switch step {
    case .reply(let reply): return reply
    case .fail(let failure): throw failure
    case .hang:
      try await Task.sleep(for: .seconds(3_600))
      throw CancellationError()
    }
  }
}

extension ScriptedTransport.Step {
  /// A reply with a body.
  static func reply(
    _ status: Int, _ body: String = "", after retryAfter: Duration? = nil
  ) -> ScriptedTransport.Step {
    .reply(ServiceReply(status: status, retryAfter: retryAfter, body: Array(body.utf8)))
  }

  /// A reply to a request with `texts`: of each text the vector (its bytes, 1), the last one first.
  static func vectors(_ texts: [String]) -> ScriptedTransport.Step {
    let items = texts.enumerated().reversed().map { index, text in
      #"{"index":\#(index),"embedding":[\#(text.utf8.count),1]}"#
    }
    return .reply(200, #"{"data":[\#(items.joined(separator: ","))]}"#)
  }
}
