/// Divides texts into requests.
enum TextBatches {
  /// The ranges of texts that go into one request each, in order: at most `count` texts, and at most `byteCount` bytes
  /// of UTF-8, unless a single text has more.
  static func ranges(of texts: [String], count: Int, byteCount: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    var bytes = 0
    for (index, text) in texts.enumerated() {
      let size = text.utf8.count
      if index > start, index - start >= count || bytes > byteCount - size {
        ranges.append(start..<index)
        start = index
        bytes = 0
      }
      bytes += size
    }
    if start < texts.count { ranges.append(start..<texts.count) }
    return ranges
  }
}
