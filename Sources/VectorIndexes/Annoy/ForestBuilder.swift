import StorageIO
import Synchronization
import VectorMath

/// Builds the trees of a segment, each on one thread. A tree depends on rows, seed and its number only, so the
/// forest is the same at any number of threads.
struct ForestBuilder {
  let parameters: AnnoyParameters
  let tuning: TreeTuning
  let team: ThreadTeam
  /// Called now and then, from the caller's thread.
  let isCancelled: @Sendable () -> Bool
  /// Called with the share of the trees that are done, from the caller's thread.
  let progress: @Sendable (Double) -> Void

  /// Builds the trees over rows `0 ..< count` of a space. `rowBytes` is the size of a padded row.
  func build<Space: TreeSpace>(
    over space: Space, count: Int, rowBytes: Int, leafRows: Int
  ) throws(StoreError) -> BuiltForest {
    let work = Work()
    let (parameters, tuning, isCancelled, progress) = (parameters, tuning, isCancelled, progress)
    team.forEachChunk(of: parameters.trees, size: 1) { worker, range in
      let scratch = TreeScratch(rowBytes: rowBytes, sample: tuning.sample)
      for number in range {
        if work.isCancelled { return }
        var builder = TreeBuilder(
          space: space, leafRows: leafRows,
          seed: SeededRandom.mix(parameters.seed, UInt64(number)), scratch: scratch)
        let tree = builder.build(count: count) {
          // Worker 0 is the caller's thread, the only one that may ask.
          if worker == 0, isCancelled() { work.cancel() }
          return work.isCancelled
        }
        let done = work.add(tree, number: number)
        if worker == 0 { progress(Double(done) / Double(parameters.trees)) }
      }
    }
    if work.isCancelled { throw StoreError(.cancelled, "building the segment was cancelled") }
    return try BuiltForest(
      work.trees(parameters.trees), parameters: parameters, leafRows: leafRows,
      planeStride: space.planeStride)
  }

  /// What the threads share.
  private final class Work: Sendable {
    private let cancelled = Atomic<Bool>(false)
    private let finished = ConditionLock<[Int: BuiltTree]>([:])

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() { cancelled.store(true, ordering: .relaxed) }

    /// Keeps a tree; answers how many there are.
    func add(_ tree: BuiltTree, number: Int) -> Int {
      finished.withLock { finished in
        finished[number] = tree
        return finished.count
      }
    }

    func trees(_ count: Int) -> [BuiltTree] {
      finished.withLock { finished in (0..<count).compactMap { finished[$0] } }
    }
  }
}
