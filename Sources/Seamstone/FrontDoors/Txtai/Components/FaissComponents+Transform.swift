extension FaissComponents {
  /// What is done to every vector before it is stored.
  public enum Transform: Hashable, Sendable {
    /// `PCAd`: projected on the `dimensions` directions of the largest variance.
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

extension FaissComponents.Transform {
  /// Several transforms, one after the other, as one; nil where there is none that does the same. OPQ takes the directions of
  /// the largest variance before it rotates them, so PCA before it says how many.
  static func joined(_ transforms: [FaissComponents.Transform]) -> VectorTransform? {
    switch transforms.count {
    case 0: return VectorTransform.none
    case 1: return transforms[0].alone
    case 2:
      guard case .pca(let kept) = transforms[0],
        case .opq(let subvectors, let dimensions) = transforms[1], dimensions ?? kept <= kept
      else { return nil }
      return .opq(subvectors: subvectors, dimensions: dimensions ?? kept)
    default: return nil
    }
  }

  private var alone: VectorTransform {
    switch self {
    case .pca(let dimensions): .pca(dimensions: dimensions)
    case .opq(let subvectors, let dimensions):
      .opq(subvectors: subvectors, dimensions: dimensions)
    }
  }
}
