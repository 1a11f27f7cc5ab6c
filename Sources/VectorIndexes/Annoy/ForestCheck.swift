/// Looks at every split and leaf of a forest.
struct ForestCheck {
  let forest: ForestView
  let rowCount: Int

  /// Findings that are spelled out.
  private static let most = 5

  /// What is wrong, in words: a split or word that two trees share or none, a row that a tree does not name once.
  func findings() -> [String] {
    var findings: [String] = []
    var splits = [Bool](repeating: false, count: forest.layout.splitCount)
    var wordsLeft = forest.layout.wordCount
    for (tree, root) in forest.layout.roots.enumerated() where findings.count < Self.most {
      if let finding = check(root, &splits, &wordsLeft) {
        findings.append("tree \(tree): \(finding)")
      }
    }
    if findings.isEmpty {
      let lost = splits.filter { !$0 }.count
      if lost > 0 { findings.append("\(lost) splits belong to no tree") }
      if wordsLeft != 0 { findings.append("\(wordsLeft) words of leaves belong to no tree") }
    }
    return findings
  }

  private func check(
    _ root: TreeReference, _ splits: inout [Bool], _ wordsLeft: inout Int
  ) -> String? {
    var seen = [Bool](repeating: false, count: rowCount)
    var count = 0
    var tasks = [root]
    while let reference = tasks.popLast() {
      if reference.isLeaf {
        let rows = forest.leaf(reference.index)
        guard rows.baseAddress != nil else { return "there is no leaf at word \(reference.index)" }
        wordsLeft -= rows.count + 1
        for row in rows {
          guard Int(row) < rowCount else { return "row \(row) is outside the segment" }
          if seen[Int(row)] { return "row \(row) is named twice" }
          seen[Int(row)] = true
        }
        count += rows.count
      } else {
        guard let split = forest.split(reference.index) else {
          return "there is no split \(reference.index)"
        }
        if splits[reference.index] { return "split \(reference.index) has two parents" }
        splits[reference.index] = true
        guard split.scale.isFinite, split.scale >= 0, !split.offset.isNaN else {
          return "split \(reference.index) divides by \(split.scale) and \(split.offset)"
        }
        tasks.append(split.right)
        tasks.append(split.left)
      }
    }
    return count == rowCount ? nil : "\(rowCount - count) rows are in no leaf"
  }
}
