import StorageIO
import VectorIndexes

/// Copies the rows that graph searches walk over into anonymous memory with huge pages, as far as the
/// budget goes: a random row then costs no walk of the page tables. Files cannot have huge pages on
/// most Linux systems, so this is what makes large segments fast; everything else stays mapped.
final class Residency: Sendable {
  /// Bytes that all copies together may take.
  private let budget: Int
  // How often copies were looked after. Both lanes and the opening of a store do so, one at a time: what
  // one copies the next must count.
  private let refreshes = ConditionLock(0)

  init(budget: Int) { self.budget = budget }

  /// Makes copies for the segments of the newest version that have none, largest first. A copy goes with
  /// its segment. Without memory for one, the mapping serves as well, only slower.
  func refresh(_ states: StateTable) {
    guard budget > 0 else { return }
    refreshes.withLock { count in
      count += 1
      makeCopies(states)
    }
  }

  private func makeCopies(_ states: StateTable) {
    let handles = states.current.collections.values
      .flatMap { $0.segments.compactMap(\.handle) }
      .filter { $0.index.hasGraph }
      .sorted { ($0.index.rowBytes, $0.number) > ($1.index.rowBytes, $1.number) }
    var used = handles.reduce(0) { $0 + $1.index.residentBytes }
    for handle in handles where handle.index.residentBytes == 0 {
      guard used + handle.index.rowBytes <= budget else { continue }
      do {
        try handle.index.makeResident()
        used += handle.index.rowBytes
      } catch {
        return
      }
    }
  }
}
