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
      let end = partition(base, low, high)
      if place <= end { high = end } else { low = end + 1 }
    }
  }

  /// Divides a range of three entries or more; returns the last place of the smaller ones, which is not the last of the range.
  @inline(__always)
  private static func partition(
    _ base: UnsafeMutablePointer<UInt64>, _ low: Int, _ high: Int
  ) -> Int {
    let pivot = median(base[low], base[low + (high - low) / 2], base[high])
    var left = low - 1
    var right = high + 1
    while true {
      repeat { left += 1 } while base[left] < pivot
      repeat { right -= 1 } while base[right] > pivot
      if left >= right { return right }
      (base[left], base[right]) = (base[right], base[left])
    }
  }

  @inline(__always)
  private static func median(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 {
    max(min(a, b), min(max(a, b), c))
  }
}
