/// Shrinks a list of which something fails to one of which it still does (delta debugging, Zeller and
/// Hildebrandt 2002): parts are left out, large ones first, as long as the rest fails.
package enum Reduction {
  /// A part of `list` that fails, of which no single element can be left out, unless the tries run out.
  package static func shrink<Element>(
    _ list: [Element], tries: Int = 400, fails: ([Element]) -> Bool
  ) -> [Element] {
    var rest = list
    var left = tries
    var size = max(1, list.count / 2)
    while true {
      var start = 0
      var hasShrunk = false
      while start < rest.count, left > 0 {
        let candidate = Array(rest[..<start] + rest[min(rest.count, start + size)...])
        left -= 1
        if !candidate.isEmpty, fails(candidate) {
          rest = candidate
          hasShrunk = true
        } else {
          start += size
        }
      }
      if left == 0 || size == 1 && !hasShrunk { return rest }
      if !hasShrunk || size > rest.count { size = max(1, size / 2) }
    }
  }
}
