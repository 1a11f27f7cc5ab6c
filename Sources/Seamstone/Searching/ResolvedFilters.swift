import StorageIO

/// What filters came to in one version of a collection: searches often come with the same one, and
/// working it out can cost more than the search.
final class ResolvedFilters: Sendable {
  private struct State {
    /// Oldest use first.
    var known: [(filter: Filter, resolution: FilterResolution)] = []
    var bytes = 0
  }
  private let state = ConditionLock(State())

  private static let mostFilters = 16
  private static let mostBytes = 32 << 20

  /// Texts that only look the same are equal to Swift, but `like` and `contains` compare their bytes.
  private static func isSame(_ a: Filter, _ b: Filter) -> Bool {
    a == b && "\(a)".utf8.elementsEqual("\(b)".utf8)
  }

  /// What is known of a filter.
  func resolution(of filter: Filter) -> FilterResolution? {
    state.withLock { state in
      guard let index = state.known.lastIndex(where: { Self.isSame($0.filter, filter) }) else {
        return nil
      }
      let entry = state.known.remove(at: index)
      state.known.append(entry)
      return entry.resolution
    }
  }

  /// Keeps what a filter came to, in place of what was used least recently.
  func keep(_ resolution: FilterResolution, for filter: Filter) {
    state.withLock { state in
      if let old = state.known.firstIndex(where: { Self.isSame($0.filter, filter) }) {
        state.bytes -= state.known.remove(at: old).resolution.byteCount
      }
      guard resolution.byteCount <= Self.mostBytes else { return }
      state.known.append((filter, resolution))
      state.bytes += resolution.byteCount
      while state.known.count > Self.mostFilters || state.bytes > Self.mostBytes {
        state.bytes -= state.known.removeFirst().resolution.byteCount
      }
    }
  }
}

/// What property indexes made of a filter.
enum FilterResolution: Sendable {
  /// The objects that match.
  case exact(AllowList)
  /// The objects that may match, and those of them that certainly do; too many to look at each.
  case partial(FilterBounds, AllowList)
  /// No index helps.
  case unknown

  var byteCount: Int {
    switch self {
    case .exact(let list): list.byteCount
    case .partial(let bounds, let list): bounds.lower.byteCount + list.byteCount
    case .unknown: 0
    }
  }
}
