import VectorIndexes

/// A finished segment file that waits to be named in the manifest.
struct FinishedSegment: Sendable {
  /// The DocIDs it answers for.
  let interval: ClosedRange<UInt64>
  /// The segments whose place it takes; empty for a seal.
  let replaced: [UInt64]
  /// Whether publishing moves the watermark to the end of the interval.
  let isSeal: Bool
  /// nil when no vector of the interval is left.
  let segment: (entry: ManifestEntry, handle: SegmentHandle)?
  /// What was trained for it and may serve other segments of the collection.
  var artifacts: [SharedArtifact] = []
  /// What was wrong with the last attempt before it; empty where the first one was sound.
  var findings: [String] = []
}
