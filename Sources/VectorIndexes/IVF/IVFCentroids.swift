import StorageIO
import VectorMath

/// The centroids of inverted lists, with all that is needed to find the nearest: kept by a collection for all its
/// segments, and in each segment that was built with them. Byte-exact description: FileFormat-Indexes.
struct IVFCentroids: Sendable, Equatable {
  /// What they were asked for.
  let parameters: IVFParameters
  /// How vectors are compared with them.
  let space: CoarseSpace
  /// Codes of the centroids, `stride` bytes each; those of a group follow each other.
  let codes: [UInt8]
  /// Codes of the groups' centres, `stride` bytes each.
  let groupCodes: [UInt8]
  /// The first centroid of each group, and the number of centroids; empty without groups.
  let groupStarts: [UInt32]
  /// What lists were like when they were trained.
  let training: ListFigures

  /// Bytes from centroid to centroid.
  var stride: Int { RowLayout.stride(bytes: space.coarseDimensions) }
  /// The number of lists.
  var count: Int { codes.count / stride }

  /// Names them: a hash of their bytes.
  static func identifier(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = ContentHash(seed: 0x4956_4643)
    hash.update(bytes)
    return hash.finish().0
  }
}

/// How well centroids suit some rows.
struct ListFigures: Sendable, Equatable {
  /// The mean squared distance of a row from its centroid, in steps of the codes.
  var distortion: Float = 0
  /// Rows that a search of one list meets on average, in relation to lists of equal length; 1 is best.
  var imbalance: Float = 1

  /// From the rows in each list and the sum of all squared distances.
  init(members: [Int], distances: Double) {
    let rows = members.reduce(0, +)
    guard rows > 0 else { return }
    distortion = Float(distances / Double(rows))
    let squares = members.reduce(0.0) { $0 + Double($1) * Double($1) }
    imbalance = Float(squares * Double(members.count) / (Double(rows) * Double(rows)))
  }

  init(distortion: Float, imbalance: Float) {
    self.distortion = distortion
    self.imbalance = imbalance
  }

  /// Rows this much further from their centroids than when these were trained are others.
  static let mostDistortion: Float = 1.3
  /// Searches that meet so many times the rows are worth a training.
  static let mostImbalance: Float = 2

  /// Whether centroids with these figures at their training no longer suit rows with `now`.
  func isStale(_ now: ListFigures) -> Bool {
    now.distortion > Self.mostDistortion * distortion + 1
      || now.imbalance > Self.mostImbalance * imbalance
  }
}
