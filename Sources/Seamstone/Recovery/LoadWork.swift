import Synchronization

/// How many records loading a version, or following to it, has read: what it costs beyond the
/// segments. A small commit is followed at the price of what it changed.
final class LoadWork: Sendable {
  private let tails = Atomic<Int>(0)
  private let deletes = Atomic<Int>(0)

  /// Originals read into tails.
  var tailRows: Int { tails.load(ordering: .relaxed) }
  /// Delete records looked at.
  var deleteRecords: Int { deletes.load(ordering: .relaxed) }

  func didReadTailRows(_ count: Int) { tails.add(count, ordering: .relaxed) }
  func didReadDeleteRecords(_ count: Int) { deletes.add(count, ordering: .relaxed) }
}
