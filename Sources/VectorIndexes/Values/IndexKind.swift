/// How neighbours are found inside a segment.
package enum IndexKind: Sendable, Hashable {
  /// Every row is compared.
  case flat
  /// A layered proximity graph (Malkov and Yashunin, 2016) is walked.
  case hnsw(HNSWParameters)

  /// The number that stands for the kind in a segment's header.
  package var rawKind: UInt16 {
    switch self {
    case .flat: 1
    case .hnsw: 2
    }
  }
}
