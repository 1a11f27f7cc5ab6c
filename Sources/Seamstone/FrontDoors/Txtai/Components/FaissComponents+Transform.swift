extension FaissComponents {
  /// What is done to every vector before it is stored.
  public enum Transform: Hashable, Sendable {
    /// `PCAd`: centred, and projected on the `dimensions` directions of the largest variance.
    case pca(dimensions: Int)
    /// `OPQm`, `OPQm_d`: a rotation, learned so that `subvectors` parts lose least.
    case opq(subvectors: Int, dimensions: Int?)
  }
}

extension FaissComponents.Transform: CustomStringConvertible {
  /// The element.
  public var description: String {
    switch self {
    case .pca(let dimensions): "PCA\(dimensions)"
    case .opq(let subvectors, let dimensions):
      "OPQ\(subvectors)" + (dimensions.map { "_\($0)" } ?? "")
    }
  }

  /// The dimensions of what it makes of vectors of `dimensions`.
  func dimensions(of input: Int) -> Int {
    switch self {
    case .pca(let output): output
    case .opq(_, let output): output ?? input
    }
  }
}
