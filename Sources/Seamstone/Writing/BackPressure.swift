import StorageIO

/// Slows writers down when they are faster than sealing: above the soft limit each write waits a
/// little, at the hard limit it waits until a seal has caught up. So the tail, which every search
/// scans, is bounded.
final class BackPressure: Sendable {
  private let tick = ConditionLock(0)
  private let softRows: Int
  private let hardRows: Int

  init(limits: CompactionLimits) {
    hardRows = max(limits.hardTailRows, 1)
    softRows = min(limits.softTailRows, hardRows)
  }

  /// Something was committed, or the store is closing.
  func wake() { tick.update { $0 += 1 } }

  /// Returns when a write may go on. `relieve` is called at the hard limit where nobody else seals;
  /// `stop` tells why waiting is of no use any more, and `mostRows` how many rows fit the limit in bytes.
  func wait(
    tailRows: () -> Int, mostRows: Int, stop: () -> StoreError?,
    relieve: () throws(StoreError) -> Bool
  ) throws(StoreError) {
    let rows = tailRows()
    let hardRows = min(hardRows, mostRows)
    let softRows = min(softRows, hardRows)
    guard rows >= softRows else { return }
    if rows < hardRows {
      let excess = Double(rows - softRows) / Double(max(hardRows - softRows, 1))
      _ = tick.wait(timeout: .seconds(excess * 0.005)) { _ in Bool?.none }
      return
    }
    while tailRows() >= hardRows {
      if let error = stop() { throw error }
      if try relieve() { continue }
      let seen = tick.withLock { $0 }
      if tailRows() < hardRows { return }
      _ = tick.wait(timeout: .milliseconds(100)) { $0 != seen ? true : nil }
    }
  }
}
