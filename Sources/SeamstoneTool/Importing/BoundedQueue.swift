import StorageIO

/// A few elements on their way from one thread to another: who is ahead waits.
final class BoundedQueue<Element: Sendable>: Sendable {
  private struct State {
    var elements: [Element] = []
    var failure: (any Error)?
    var isFinished = false
    var isAbandoned = false
  }
  private let state = ConditionLock(State())
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// Adds an element as soon as there is room; false if nobody wants it any more.
  func put(_ element: Element) -> Bool {
    let isWanted = state.wait { state -> Bool? in
      if state.isAbandoned { return false }
      return state.elements.count < capacity ? true : nil
    }
    guard isWanted else { return false }
    state.update { $0.elements.append(element) }
    return true
  }

  /// Says that nothing more comes, and why.
  func finish(_ failure: (any Error)? = nil) {
    state.update { state in
      state.isFinished = true
      state.failure = failure
    }
  }

  /// Lets the other side stop.
  func abandon() { state.update { $0.isAbandoned = true } }

  /// The next element; nil at the end. Throws what the other side failed with, after everything
  /// before it was taken.
  func take() throws -> Element? {
    let next: Result<Element?, any Error> = state.wait { state in
      if !state.elements.isEmpty { return .success(state.elements[0]) }
      guard state.isFinished else { return nil }
      return state.failure.map { .failure($0) } ?? .success(nil)
    }
    guard let element = try next.get() else { return nil }
    state.update { _ = $0.elements.removeFirst() }
    return element
  }
}
