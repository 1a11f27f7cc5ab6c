/// What an Annoy index compares by, which decides how its nodes are laid out.
package enum AnnoyMetric: String, CaseIterable, Sendable {
  case angular, euclidean, manhattan, dot, hamming

  /// Bytes of a node before its vector, as the structures of annoylib.h have them: the number of
  /// descendants, two children, and what the metric keeps beside them. The words of Hamming vectors
  /// are aligned to eight bytes.
  var prefixLength: Int {
    switch self {
    case .angular: 12
    case .euclidean, .manhattan, .dot, .hamming: 16
    }
  }

  /// Bytes of a node's vector.
  func vectorLength(_ dimensions: Int) -> Int {
    switch self {
    case .angular, .euclidean, .manhattan, .dot: 4 * dimensions
    case .hamming: 8 * ((dimensions + 63) / 64)
    }
  }
}
