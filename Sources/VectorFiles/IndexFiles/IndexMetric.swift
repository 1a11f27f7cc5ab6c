/// What another tool's index compares by, of what collections can compare by, too.
package enum IndexMetric: Sendable, Hashable {
  case angular, innerProduct, euclidean, manhattan, hamming

  init(_ metric: AnnoyMetric) {
    self =
      switch metric {
      case .angular: .angular
      case .euclidean: .euclidean
      case .manhattan: .manhattan
      case .dot: .innerProduct
      case .hamming: .hamming
      }
  }

  /// The metric of this number in faiss (MetricType.h); nil for one that is found nowhere else.
  init?(faiss number: Int32) {
    switch number {
    case 0: self = .innerProduct
    case 1: self = .euclidean
    case 2: self = .manhattan
    default: return nil
    }
  }
}
