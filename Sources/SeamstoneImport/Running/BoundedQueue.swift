import StorageIO

/// A few elements on their way from one thread to another: who is ahead waits.
final class BoundedQueue<Element: Sendable>: Sendable {
  private struct State {
    var elements: [Element] = []
    var failure: StoreError?
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
  func finish(_ failure: StoreError? = nil) {
    state.update { state in
      state.isFinished = true
      state.failure = failure
    }
  }

  /// Lets both sides stop: nothing is put or taken any more, and what is waiting is forgotten.
  func abandon() {
    state.update { state in
      state.isAbandoned = true
      state.elements.removeAll()
    }
  }

  /// The next element; nil at the end. Throws what the other side failed with, after everything
  /// before it was taken, and `cancelled` once the queue is abandoned.
  func take() throws(StoreError) -> Element? {
    let next: Result<Element?, StoreError> = state.wait { state in
      if state.isAbandoned { return .failure(StoreError(.cancelled, "The import was cancelled")) }
      if !state.elements.isEmpty { return .success(state.elements[0]) }
      guard state.isFinished else { return nil }
      return state.failure.map { .failure($0) } ?? .success(nil)
    }
    guard let element = try next.get() else { return nil }
    state.update { if !$0.elements.isEmpty { $0.elements.removeFirst() } }
    return element
  }
}
