/// One thing for a background thread to do.
enum CompactionJob: Sendable, Equatable {
  /// Build a flat segment from the tail and move the watermark.
  case seal
  /// Build one segment from the segments with these numbers, which are neighbours in DocID order.
  case merge([UInt64], asGraph: Bool)
  /// Take segments without any live row out of the manifest; nothing is built.
  case drop([UInt64])
}
