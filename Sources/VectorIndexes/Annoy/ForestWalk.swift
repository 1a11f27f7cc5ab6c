import VectorMath

/// Collects candidates from all trees at once, the most promising leaves first.
///
/// An entry of the queue is a split or a leaf with what speaks for it. On the sides that the query lies on, that is
/// the least margin on the way, as Annoy has it. Behind planes that the query is on the other side of it is
/// negative: as far as the query is from there at least, if the planes met at right angles. (Annoy takes the largest of
/// these margins. With the sum of their squares the same candidates have 0.3 to 0.6 % more of the neighbours at a
/// recall of 0.96, on text-25k and sift-100k.) So of each tree the leaf that the query falls in comes first.
struct ForestWalk {
  let forest: ForestView
  let query: ForestQuery
  let queue: ForestScratch
  let beam: BeamScratch
  /// Rows from this one on are none.
  let rowCount: Int
  /// Excluded rows; nil: none.
  let excluded: UnsafePointer<UInt64>?

  /// Leaves the rows found in the beam's log, each once, and marks them visited: rows of the leaves that come
  /// first until these have `wanted` in all, repetitions counted, and `least` that differ; or all. With a filter
  /// only allowed rows count.
  func collect(wanted: Int, least: Int) {
    beam.prepare(nodes: rowCount, entries: 1, batch: LoggedRows.batch)
    for root in forest.layout.roots { queue.push(Self.entry(.infinity, root)) }
    // Sound trees are walked through once at most; damaged ones might go round in circles.
    var splitsLeft = forest.layout.splitCount
    var wordsLeft = forest.layout.wordCount
    var seen = 0
    while let entry = queue.pop() {
      let reference = TreeReference(rawValue: UInt32(truncatingIfNeeded: entry))
      if reference.isLeaf {
        let rows = forest.leaf(reference.index)
        wordsLeft -= rows.count &+ 1
        if wordsLeft < 0 { break }
        seen &+= take(rows)
        if seen >= wanted, beam.logged >= least { break }
      } else {
        splitsLeft -= 1
        if splitsLeft < 0 { break }
        open(
          reference.index, priority: DistanceKey.float(of: UInt32(truncatingIfNeeded: entry >> 32)))
      }
    }
    beam.expansions += forest.layout.splitCount - splitsLeft
  }

  /// Larger priorities sort last, so that they are taken first.
  @inline(__always)
  private static func entry(_ priority: Float, _ reference: TreeReference) -> UInt64 {
    UInt64(DistanceKey.key(of: priority)) << 32 | UInt64(reference.rawValue)
  }

  /// Puts both sides of a split into the queue.
  @inline(__always)
  private func open(_ index: Int, priority: Float) {
    guard let split = forest.split(index) else { return }
    var right = priority
    var left = priority
    if split.scale != 0 {
      if let plane = forest.plane(index) {
        let margin = query.margin(split, plane: plane)
        let near = priority < 0 ? priority : min(priority, abs(margin))
        let far = priority < 0 ? priority * priority + margin * margin : margin * margin
        let away = 0 - far.squareRoot()
        (right, left) = margin > 0 ? (near, away) : (away, near)
      } else if let isRight = query.isRight(split) {
        // Every component that differs is one step away.
        let away = min(priority, 0) - 1
        if isRight { left = away } else { right = away }
      }
    }
    queue.push(Self.entry(right, split.right))
    queue.push(Self.entry(left, split.left))
  }

  /// Notes the rows of a leaf that are not known yet; returns how many were allowed.
  @inline(__always)
  private func take(_ rows: UnsafeBufferPointer<UInt32>) -> Int {
    let visited = beam.visited
    let log = beam.log
    var end = beam.logged
    var allowed = 0
    for row in rows {
      guard Int(row) < rowCount else { continue }
      let word = Int(row >> 6)
      let shift = UInt64(row & 63)
      if let excluded, excluded[word] &>> shift & 1 != 0 { continue }
      allowed &+= 1
      let bits = visited[word]
      log[end] = row
      end &+= Int(truncatingIfNeeded: (~bits &>> shift) & 1)
      visited[word] = bits | 1 &<< shift
    }
    beam.logged = end
    return allowed
  }
}
