import VectorMath

/// Builds one tree: divides rows until few enough are left for a leaf.
struct TreeBuilder<Space: TreeSpace> {
  let space: Space
  let leafRows: Int
  private var random: SeededRandom
  private var tree = BuiltTree()
  private let scratch: TreeScratch

  /// Splits are tried so often to divide better than that.
  private static var attempts: Int { 3 }
  private static var goodShare: Double { 0.95 }
  /// A split that leaves more than this on one side is none.
  private static var worstShare: Double { 0.99 }

  init(space: Space, leafRows: Int, seed: UInt64, scratch: TreeScratch) {
    self.space = space
    self.leafRows = max(1, leafRows)
    random = SeededRandom(seed: seed)
    self.scratch = scratch
  }

  /// Some rows that are still to be divided, and where the split or leaf that they become is named.
  private struct Task {
    let rows: Range<Int>
    /// The split that names it; -1 for the root.
    let parent: Int
    let isRight: Bool
  }

  /// The tree over rows 0 ..< count. `isCancelled` is asked for every split; a cancelled tree has gaps.
  mutating func build(count: Int, isCancelled: () -> Bool) -> BuiltTree {
    var rows = Array(0..<UInt32(count))
    var other = [UInt32](repeating: 0, count: count)
    var margins = [Float](repeating: 0, count: count)
    tree.items.reserveCapacity(count + count / max(1, leafRows / 2) + 1)
    var tasks = [Task(rows: 0..<count, parent: -1, isRight: false)]
    rows.withUnsafeMutableBufferPointer { rows in
      other.withUnsafeMutableBufferPointer { other in
        margins.withUnsafeMutableBufferPointer { margins in
          while let task = tasks.popLast(), !isCancelled() {
            let part = UnsafeMutableBufferPointer(rebasing: rows[task.rows])
            guard part.count > leafRows else {
              name(task, tree.addLeaf(UnsafeBufferPointer(part)))
              continue
            }
            let split = divide(part, margins)
            let index = tree.addSplit(
              split.map { ($0.plane, space.terms(of: $0)) }, stride: space.planeStride)
            name(task, .split(index))
            let left = Self.partition(part, margins, other)
            let middle = task.rows.lowerBound + left
            tasks.append(
              Task(rows: middle..<task.rows.upperBound, parent: index, isRight: true))
            tasks.append(
              Task(rows: task.rows.lowerBound..<middle, parent: index, isRight: false))
          }
        }
      }
    }
    return tree
  }

  private mutating func name(_ task: Task, _ reference: TreeReference) {
    if task.parent < 0 {
      tree.root = reference
    } else if task.isRight {
      tree.splits[task.parent].right = reference
    } else {
      tree.splits[task.parent].left = reference
    }
  }

  /// Finds a split and leaves the margins of the rows by it; `nil` where halves had to be made at random, and
  /// margins say which.
  private mutating func divide(
    _ part: UnsafeMutableBufferPointer<UInt32>, _ margins: UnsafeMutableBufferPointer<Float>
  ) -> Split? {
    guard let target = margins.baseAddress else { return nil }
    let rows = UnsafeBufferPointer(part)
    var best: (split: Split, share: Double)?
    for _ in 0..<Self.attempts {
      guard let split = space.propose(rows, &random, scratch) else { continue }
      space.margins(of: rows, split, into: target, scratch)
      let share = Self.largerShare(target, rows.count)
      if share <= Self.goodShare { return split }
      if share < best?.share ?? 2 { best = (split, share) }
    }
    if let best {
      space.margins(of: rows, best.split, into: target, scratch)
      if best.share <= Self.worstShare { return best.split }
      if let moved = middle(best.split, target, rows.count) { return moved }
    }
    // Nothing tells them apart: they are dealt out.
    for index in 0..<rows.count { target[index] = index & 1 == 0 ? -1 : 1 }
    return nil
  }

  /// The same plane through the middle of the rows, and their margins by that; `nil` where most lie on one side
  /// all the same.
  private func middle(
    _ split: Split, _ margins: UnsafeMutablePointer<Float>, _ count: Int
  ) -> Split? {
    guard space.planeStride > 0 else { return nil }
    let sorted = UnsafeBufferPointer(start: margins, count: count).sorted()
    let median = sorted[count / 2]
    guard median.isFinite else { return nil }
    var moved = split
    moved.threshold += Double(median)
    for index in 0..<count { margins[index] -= median }
    guard Self.largerShare(margins, count) <= Self.worstShare else { return nil }
    return moved
  }

  /// The share of the larger side. Rows on the plane itself are dealt out, so they count for both.
  private static func largerShare(_ margins: UnsafePointer<Float>, _ count: Int) -> Double {
    var right = 0
    var left = 0
    for index in 0..<count {
      if margins[index] > 0 { right += 1 } else if margins[index] < 0 { left += 1 }
    }
    let undecided = count - right - left
    return Double(max(right, left) + undecided / 2) / Double(count)
  }

  /// Puts the rows on the left before those on the right, both in the order they had; returns how many are left.
  private static func partition(
    _ part: UnsafeMutableBufferPointer<UInt32>, _ margins: UnsafeMutableBufferPointer<Float>,
    _ other: UnsafeMutableBufferPointer<UInt32>
  ) -> Int {
    // Rows on the plane itself are dealt out, the first to the smaller side.
    var surplus = 0
    for index in 0..<part.count {
      if margins[index] > 0 { surplus += 1 } else if margins[index] < 0 { surplus -= 1 }
    }
    var nextIsRight = surplus <= 0
    var left = 0
    var right = 0
    for index in 0..<part.count {
      let row = part[index]
      var isRight = margins[index] > 0
      if !isRight, !(margins[index] < 0) {
        isRight = nextIsRight
        nextIsRight.toggle()
      }
      if isRight {
        other[right] = row
        right += 1
      } else {
        part[left] = row
        left += 1
      }
    }
    for index in 0..<right { part[left + index] = other[index] }
    return left
  }
}
