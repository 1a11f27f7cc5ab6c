/// Puts the smallest of many entries in front, without sorting them: what a scan does whenever it has gathered too many.
enum EntrySelection {
  /// Moves the `count` smallest entries to the front, the largest of them to place `count - 1`, the others in any order. Entries
  /// must differ from each other, as those of different rows do; `count` must be 1 or more and at most as many as there are.
  ///
  /// Quickselect with the median of three as pivot (Hoare, 1961). Where the pivots turn out badly, the rest is sorted, so
  /// that no order of the entries takes quadratic time.
  static func moveSmallest(_ count: Int, of entries: UnsafeMutableBufferPointer<UInt64>) {
    guard let base = entries.baseAddress, count >= 1, count <= entries.count else { return }
    let place = count - 1
    var low = 0
    var high = entries.count - 1
    var attempts = 2 * (Int.bitWidth - entries.count.leadingZeroBitCount)
    while low < high {
      attempts -= 1
      if attempts < 0 || high - low < 12 {
        var rest = UnsafeMutableBufferPointer(rebasing: entries[low...high])
        return rest.sort()
      }
      let middle = partition(base, low, high)
      if place == middle { return }
      if place < middle { high = middle - 1 } else { low = middle + 1 }
    }
  }

  /// Divides a range of three entries or more: smaller ones before the place that is returned, larger ones after it.
  ///
  /// Lomuto's loop moves entries whether they are smaller or not: a branch would go the wrong way every other time.
  @inline(__always)
  private static func partition(
    _ base: UnsafeMutablePointer<UInt64>, _ low: Int, _ high: Int
  ) -> Int {
    movePivot(base, low, high)
    let pivot = base[high]
    var end = low
    var next = low
    while next < high {
      let entry = base[next]
      base[next] = base[end]
      base[end] = entry
      end &+= entry < pivot ? 1 : 0
      next &+= 1
    }
    (base[end], base[high]) = (base[high], base[end])
    return end
  }

  /// Moves the median of the first, the middle and the last entry to the end.
  @inline(__always)
  private static func movePivot(_ base: UnsafeMutablePointer<UInt64>, _ low: Int, _ high: Int) {
    let middle = low + (high - low) / 2
    let (first, second, last) = (base[low], base[middle], base[high])
    let median = max(min(first, second), min(max(first, second), last))
    if median == first {
      (base[low], base[high]) = (last, first)
    } else if median == second {
      (base[middle], base[high]) = (last, second)
    }
  }
}
