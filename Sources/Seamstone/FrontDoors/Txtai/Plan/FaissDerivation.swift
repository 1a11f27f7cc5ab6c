/// What txtai derives from the number of vectors where its faiss settings leave it open: pure functions, with
/// txtai's own rounding (half to even).
public enum FaissDerivation {
  /// Up to this many vectors an index is not divided into cells.
  public static let smallCount = 5_000
  /// The probes of a small index.
  static let smallProbes = 6
  /// The training vectors that each cell should have.
  static let rowsPerCell = 39

  /// The cells for that many training vectors: 4·√n, but at least 39 vectors for each, and at least one cell.
  public static func cells(_ count: Int) -> Int {
    let wanted = (4 * Double(max(count, 0)).squareRoot()).rounded(.toNearestOrEven)
    return max(1, min(Int(wanted), count / rowsPerCell))
  }

  /// The cells that a search looks into, of an index of so many live vectors: a sixteenth; 6 for small ones.
  public static func probes(_ count: Int) -> Int {
    guard count > smallCount else { return smallProbes }
    return Int((Double(cells(count)) / 16).rounded(.toNearestOrEven))
  }

  /// How many vectors are trained on.
  /// - Parameter sample: The fraction of them, above 0 and at most 1; nil for all.
  public static func trainingRows(_ count: Int, sample: Double?) -> Int {
    guard let sample else { return count }
    return Int(exactly: (sample * Double(count)).rounded(.towardZero)) ?? count
  }

  /// The components of an index for which none are named.
  /// - Parameters:
  ///   - trainingRows: How many vectors are trained on.
  ///   - storage: How vectors are stored; nil for packed bits.
  public static func components(
    count: Int, trainingRows: Int, storage: FaissComponents.Code?
  ) -> FaissComponents {
    let cells = cells(trainingRows)
    switch (count <= smallCount, storage) {
    case (true, let code?): return FaissComponents(idMap: .oneWay, kind: .flat, code: code)
    case (true, nil): return FaissComponents(kind: .binaryFlat)
    case (false, let code?):
      return FaissComponents(kind: .ivf(cells: cells, links: nil), code: code)
    case (false, nil): return FaissComponents(kind: .binaryIVF(cells: cells, links: nil))
    }
  }
}

extension FaissComponents {
  /// These components with the number of cells that the bare `IVF` gets.
  func withCells(trainingRows: Int) -> FaissComponents {
    guard case .ivf(nil, let links) = kind else { return self }
    var filled = self
    filled.kind = .ivf(cells: FaissDerivation.cells(trainingRows), links: links)
    return filled
  }
}
