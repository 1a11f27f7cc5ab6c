/// Decides what to seal and what to merge: a pure function from metadata to a job.
///
/// Termination: a seal empties the tail, a drop removes segments, a merge of several segments leaves
/// fewer, and a merge of one segment (a rewrite) removes its deleted rows, its outdated format or
/// its lack of a graph, none of which comes back by itself. So without new writes the sum of those
/// falls with every job and the policy reaches a fixed point; a simulation checks it.
struct CompactionPolicy: Sendable {
  var limits: CompactionLimits

  /// The seal that is due, or nil. Independent of the merges, so that a long merge never delays it.
  func sealJob(_ input: CompactionInput) -> CompactionJob? {
    guard input.tailRows > 0 else { return nil }
    // Writers wait at the hard limit, so a seal is due there whatever the other limits say.
    if input.isBulkLoading {
      let isLarge = input.tailRows >= min(limits.bulkSealRows, limits.hardTailRows)
      return isLarge || input.tailBytes >= limits.hardTailBytes / 4 ? .seal : nil
    }
    if input.isFrozen { return .seal }
    let urgent = min(limits.softTailRows, limits.hardTailRows)
    let mostBytes = min(limits.sealBytes, limits.hardTailBytes / 4)
    if input.tailRows >= min(limits.sealRows, urgent) || input.tailBytes >= mostBytes {
      return .seal
    }
    // An idle tail is sealed where scanning it costs more than the limit allows, or where it can be
    // worked into a graph then: else every pause between two writes would leave a small segment.
    guard input.isIdle, flatRows(input) > limits.idleFlatRows else { return nil }
    let canGraduate = input.tailRows + liveRows(input.segments) >= graphRows(input)
    return canGraduate || input.tailRows > limits.idleFlatRows ? .seal : nil
  }

  /// The merge that is due, or nil.
  func mergeJob(_ input: CompactionInput) -> CompactionJob? {
    let empty = input.segments.filter { $0.liveRows <= 0 && !$0.isMissing }
    if !empty.isEmpty { return .drop(empty.map(\.number)) }
    guard !input.isBulkLoading else { return nil }
    if input.isFrozen { return fullJob(input) }
    return repair(input) ?? convert(input, graphs: true) ?? graduate(input) ?? rewrite(input)
      ?? mergeTier(input) ?? convert(input, graphs: false) ?? boundCount(input) ?? settle(input)
      ?? unite(input)
  }

  /// Merges everything into one segment, whatever the tiers say; nil when that is so already.
  func fullJob(_ input: CompactionInput) -> CompactionJob? {
    guard !input.segments.isEmpty else { return nil }
    if input.segments.count == 1, let only = input.segments.first, only.deletedRows == 0,
      !only.isMissing, !only.isOutdated,
      only.hasGraph == deservesGraph(only.liveRows, input) || input.isFrozen && only.refusesGraph
    {
      return nil
    }
    return merge(input.segments, input)
  }

  // MARK: - The reasons to merge, most urgent first

  /// A missing segment costs a scan of LMDB with every search.
  private func repair(_ input: CompactionInput) -> CompactionJob? {
    input.segments.first { $0.isMissing }.map { merge([$0], input) }
  }

  /// A segment from before the configuration was changed. Graphs come before everything else: there are only
  /// so many, and under steady writes something else is always due. Flat ones come after the merges that
  /// would rewrite them anyway.
  private func convert(_ input: CompactionInput, graphs: Bool) -> CompactionJob? {
    input.segments.first { $0.isOutdated && $0.hasGraph == graphs }.map { merge([$0], input) }
  }

  /// A run of flat neighbours that is large enough gets a graph.
  private func graduate(_ input: CompactionInput) -> CompactionJob? {
    guard input.wantsGraph else { return nil }
    for run in flatRuns(input.segments)
    where liveRows(run) >= graphRows(input) && !run.contains(where: \.refusesGraph) {
      return merge(run, input)
    }
    return nil
  }

  private func rewrite(_ input: CompactionInput) -> CompactionJob? {
    input.segments.first { segment in
      let share = Double(segment.deletedRows) / Double(max(segment.rows, 1))
      return share >= limits.rewriteDeletedShare
        && (segment.deletedRows >= limits.rewriteDeletedRows || share >= 0.5)
    }.map { merge([$0], input) }
  }

  /// Neighbours of similar size, from the newest backwards.
  private func mergeTier(_ input: CompactionInput) -> CompactionJob? {
    let segments = input.segments
    guard segments.count >= limits.tierCount else { return nil }
    for end in stride(from: segments.count, through: limits.tierCount, by: -1) {
      let run = Array(segments[(end - limits.tierCount)..<end])
      let sizes = run.map { max($0.liveRows, 1) }
      if let smallest = sizes.min(), let largest = sizes.max(),
        largest < smallest * limits.tierFactor
      {
        return merge(run, input)
      }
    }
    return nil
  }

  /// Too many segments: the cheapest neighbouring pair is merged.
  private func boundCount(_ input: CompactionInput) -> CompactionJob? {
    guard input.segments.count > limits.maximumSegments else { return nil }
    return cheapestPair(input.segments).map { merge($0, input) }
  }

  /// Idle: flat rows beyond the limit are worked into the graph beside them.
  private func settle(_ input: CompactionInput) -> CompactionJob? {
    guard input.isIdle, input.wantsGraph, flatRows(input) > limits.idleFlatRows,
      liveRows(input.segments) >= graphRows(input)
    else { return nil }
    let runs = flatRuns(input.segments).filter { !$0.contains(where: \.refusesGraph) }
    guard let run = runs.max(by: { liveRows($0) < liveRows($1) }),
      let first = input.segments.firstIndex(where: { $0.number == run[0].number })
    else { return nil }
    let before = first > 0 ? input.segments[first - 1] : nil
    let after = first + run.count < input.segments.count ? input.segments[first + run.count] : nil
    guard let neighbour = [before, after].compactMap(\.self).min(by: { $0.liveRows < $1.liveRows })
    else { return nil }
    // Writing a large graph anew for a few rows would cost more than they do: they get a small one of
    // their own, and the tiers see to the number of segments.
    guard liveRows(run) * limits.settleFactor >= neighbour.liveRows else {
      return .merge(run.map(\.number), asGraph: true)
    }
    return neighbour.number == before?.number
      ? merge([neighbour] + run, input) : merge(run + [neighbour], input)
  }

  /// Idle: a graph beside one that is not many times larger is worked into it. Every search walks both
  /// otherwise: on sift-1m, 100,000 replaced rows in a graph of their own made a search take 1.46 times as
  /// long at recall 0.95.
  private func unite(_ input: CompactionInput) -> CompactionJob? {
    guard input.isIdle, input.wantsGraph else { return nil }
    let pairs = zip(input.segments, input.segments.dropFirst()).map { [$0, $1] }
    let similar = pairs.filter { pair in
      let sizes = pair.map { max($0.liveRows, 1) }
      return pair.allSatisfy { $0.hasGraph && !$0.isMissing }
        && (sizes.max() ?? 0) <= (sizes.min() ?? 0) * limits.settleFactor
    }
    return similar.min { liveRows($0) < liveRows($1) }.map { merge($0, input) }
  }

  // MARK: - Helpers

  private func merge(_ run: [CompactionInput.Segment], _ input: CompactionInput) -> CompactionJob {
    .merge(run.map(\.number), asGraph: deservesGraph(liveRows(run), input))
  }

  private func deservesGraph(_ rows: Int, _ input: CompactionInput) -> Bool {
    input.wantsGraph && rows >= graphRows(input)
  }

  /// Live vectors from which on a segment gets a graph.
  private func graphRows(_ input: CompactionInput) -> Int { input.graphRows ?? limits.graphRows }

  private func liveRows(_ run: [CompactionInput.Segment]) -> Int {
    run.reduce(0) { $0 + $1.liveRows }
  }

  /// Rows that every search scans.
  private func flatRows(_ input: CompactionInput) -> Int {
    guard input.wantsGraph else { return 0 }
    return input.tailRows + input.segments.filter { !$0.hasGraph }.reduce(0) { $0 + $1.liveRows }
  }

  /// Maximal runs of neighbouring flat segments.
  private func flatRuns(_ segments: [CompactionInput.Segment]) -> [[CompactionInput.Segment]] {
    segments.split { $0.hasGraph }.map(Array.init)
  }

  private func cheapestPair(
    _ segments: [CompactionInput.Segment]
  ) -> [CompactionInput.Segment]? {
    let pairs = zip(segments, segments.dropFirst()).map { [$0, $1] }
    return pairs.min { liveRows($0) < liveRows($1) }
  }
}
