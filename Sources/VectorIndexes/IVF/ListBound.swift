import VectorMath

/// Tells which lists can hardly hold anything nearer than what was found.
struct ListBound {
  private let lists: IVFLists
  private let codec: RowCodec
  private let query: UnsafeRawPointer
  private let quantized: QuantizedQuery?
  private let fastScan: FastScanQuery?
  private let length: Float
  /// The last bar that was asked about, and the squared distance it stands for; nil where it says nothing.
  private var known: (bar: UInt32, reach: Float?) = (.max, nil)

  /// κ: the cosine of the smallest angle between the way to a centroid and those from it to its rows that counts. On
  /// sift-1m with 4,096 lists half of the true neighbours need 0.48, 95 % 0.65, and 99 % 0.91; together with the order of
  /// lists (`IVFLists.orderCosine`) a recall of 0.95 takes 12,000 rows, where lists in order of their centroids take 15,500.
  /// With 0.65 it takes as many, but recall ends below 0.98.
  static let cosine: Float = 0.8

  /// Whether a centroid is, but for rounding and a little noise, as near as the nearest one. Its list is looked into first and
  /// in any case: a query that is nearly a row of the segment is in no list's direction but inside one.
  static func isNearest(_ centroid: UInt32, first: UInt32) -> Bool {
    UInt64(centroid) * 10 <= UInt64(first) * 11 + 10
  }

  /// `nil` where keys say nothing about squared distances: manhattan, unequal numbers, and signs. Those of packed bits
  /// are squared distances.
  init?(
    _ lists: IVFLists, _ index: SegmentIndex, _ query: SegmentQuery, _ prepared: PreparedQuery,
    _ fastScan: FastScanQuery?
  ) {
    switch index.metric {
    case .hamming where lists.space.holdsBits: break
    case .manhattan, .hamming: return nil
    case .dot, .cosine, .l2Squared: break
    }
    if index.encoding == .binary { return nil }
    self.lists = lists
    codec = index.codec
    self.query = prepared.query
    self.fastScan = fastScan
    var length: Float = 0
    if index.metric == .dot {
      query.vector.withUnsafeBufferPointer {
        guard let base = $0.baseAddress else { return }
        length = CoarseSpace.square(base, query.vector.count).squareRoot()
      }
    }
    self.length = length
    quantized = codec.quantizer.flatMap { quantizer in
      query.vector.withUnsafeBufferPointer { vector in
        vector.baseAddress.map { quantizer.prepareQuery($0) }
      }
    }
  }

  /// Whether a list may be passed over: `centroid` is the squared distance of its centroid in steps of the codes,
  /// `bar` the key of the worst row that is still wanted.
  mutating func excludes(_ list: Int, centroid: UInt32, bar: UInt32) -> Bool {
    if bar != known.bar { known = (bar, reach(of: bar)) }
    guard let reach = known.reach else { return false }
    let square = Float(centroid)
    let spread = lists.spread(of: list)
    return square + spread - 2 * Self.cosine * (square * spread).squareRoot() > reach
  }

  /// The squared distance, in steps of the codes, that a key stands for.
  private func reach(of bar: UInt32) -> Float? {
    let distance =
      if let fastScan {
        fastScan.distance(ofSum: bar)
      } else if let stored = codec.stored {
        stored.distance(ofKey: bar, query: query)
      } else if let quantized {
        quantized.distance(ofKey: bar)
      } else {
        DistanceKernels.distance(ofFloatKey: bar, metric: codec.metric)
      }
    return lists.space.coarseSquare(ofDistance: distance, queryLength: length)
  }
}
