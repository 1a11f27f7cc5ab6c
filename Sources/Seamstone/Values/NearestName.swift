/// Finds the name that a misspelt one was meant to be.
package enum NearestName {
  /// "Did you mean …?", or the list of known names if none is near.
  package static func remedy(for name: String, among known: [String]) -> String {
    if let nearest = nearest(to: name, among: known) { return "Did you mean \"\(nearest)\"?" }
    return "Known names: \(known.joined(separator: ", "))"
  }

  /// The known name with the fewest edits, if a third of its letters or two edits are enough.
  static func nearest(to name: String, among known: [String]) -> String? {
    let letters = Array(name.lowercased().unicodeScalars.prefix(64))
    var best: (name: String, edits: Int)?
    for candidate in known {
      let target = Array(candidate.lowercased().unicodeScalars)
      let edits = edits(letters, target)
      guard edits <= max(2, target.count / 3), edits < target.count else { continue }
      if edits < best?.edits ?? .max { best = (candidate, edits) }
    }
    return best?.name
  }

  /// Levenshtein's distance: insertions, deletions and replacements between two texts.
  private static func edits(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let replaced = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
