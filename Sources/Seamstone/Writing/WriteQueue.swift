import StorageIO

/// The requests that wait for the writer thread. Whatever has gathered while one group was being
/// synced becomes the next group: that is all that group commit is.
final class WriteQueue: Sendable {
  private struct State {
    var waiting: [WriteRequest] = []
    var isClosed = false
  }
  private let state = ConditionLock(State())
  /// A group holds at most this many bytes, unless its first request alone has more.
  private static let groupBytes = 64 << 20

  /// Adds a request; refused once the store is closed.
  func submit(_ request: WriteRequest) throws(StoreError) {
    try state.update { (state) throws(StoreError) in
      guard !state.isClosed else { throw StoreError.storeClosed }
      state.waiting.append(request)
    }
  }

  /// Waits for requests and takes as many as fit a group; empty when the queue is closed and no
  /// request is left.
  func nextGroup() -> [WriteRequest] {
    state.wait { state in
      guard !state.waiting.isEmpty else { return state.isClosed ? [] : nil }
      var count = 0
      var bytes = 0
      for request in state.waiting {
        bytes += request.byteCount
        if count > 0, bytes > Self.groupBytes { break }
        count += 1
      }
      let group = Array(state.waiting.prefix(count))
      state.waiting.removeFirst(count)
      return group
    }
  }

  /// Refuses further requests; those that wait are still taken.
  func close() { state.update { $0.isClosed = true } }
}
