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
  // Measured on text-25k, ten trees with leaves of 100 rows: of 1,000 candidates' neighbours 0.56 are found with
  // planes between two rows at random, 0.72 with one round over 48 rows, 0.75 with two, 0.82 with four over 200
  // rows; as much with a quarter of the rows where these are fewer than 200.

  /// The most rows that decide a split: a quarter of all, but …
  var sample = 200
  /// … not fewer than this.
  var leastSample = 32
  /// How often the two means are moved to the middle of what is nearest to them.
  var rounds = 4
  /// The most rows of a leaf; `nil` for what suits the length of the vectors.
  var leafRows: Int?

  /// Small leaves find more with the same number of candidates, but each needs a plane. On text-25k (384 components, 50
  /// trees) leaves of 64, 88, 100, 128 and 256 rows found 0.88, 0.86, 0.86, 0.85 and 0.81 of the neighbours with 1,000
  /// candidates, Annoy, whose leaves are as large as a node, 0.79; planes took 13.3, 9.5, 8.4, 6.4 and 3.2 MB. A leaf is always
  /// taken as a whole: where it is larger than the hundred candidates that ten results of ten trees are looked for
  /// among, one leaf may be all of them, which finds less than several from different trees.
  func leafRows(dimensions: Int) -> Int { leafRows ?? max(48, min(100, dimensions / 3)) }

  /// How many of some rows decide their split.
  func sampleRows(of count: Int) -> Int { min(count, max(leastSample, min(sample, count / 4))) }
}
