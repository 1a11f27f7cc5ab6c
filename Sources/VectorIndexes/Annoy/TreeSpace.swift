import VectorMath

/// The rows that trees are built over, and the ways to divide them.
protocol TreeSpace: Sendable {
  /// Bytes of a plane in the segment; 0 where splits have none.
  var planeStride: Int { get }

  /// Looks for a way to divide some rows (two at least); `nil` where none is found. What it finds depends on
  /// rows and random numbers only.
  func propose(
    _ rows: UnsafeBufferPointer<UInt32>, _ random: inout SeededRandom, _ scratch: TreeScratch
  ) -> Split?

  /// Writes how far each row lies on the right of a split, in its own units; negative on the left.
  func margins(
    of rows: UnsafeBufferPointer<UInt32>, _ split: Split, into margins: UnsafeMutablePointer<Float>,
    _ scratch: TreeScratch
  )

  /// What a search needs to know of a split: `sum`, `scale` and `offset` of its record.
  func terms(of split: Split) -> (sum: Int32, scale: Float, offset: Float)
}

/// How splits are looked for.
struct TreeTuning: Sendable, Hashable {
  /// Rows that decide a split.
  var sample = 48
  /// How often the two means are moved to the middle of what is nearest to them.
  var rounds = 2
  /// The most rows of a leaf; `nil` for what suits the length of the vectors.
  var leafRows: Int?

  /// The rows of a leaf: as many as have ids of the size of a plane, so that splits and ids take about the same
  /// memory.
  func leafRows(dimensions: Int) -> Int { leafRows ?? max(16, min(128, dimensions / 4)) }
}
