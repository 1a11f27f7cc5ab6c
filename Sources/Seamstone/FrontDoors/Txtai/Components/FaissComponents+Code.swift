extension FaissComponents {
  /// How rows are stored.
  public enum Code: Hashable, Sendable {
    /// `Flat`: float32.
    case flat
    /// `SQ8` and its kin: each component on its own.
    case scalar(Scalar)
    /// `PQm`, `PQmxb`, `PQmx4fs`: subvectors.
    case product(Product)
    /// `LSH`: signs of the components, or of `bits` directions; rotated (`r`), with trained thresholds (`t`).
    case lsh(bits: Int?, isRotated: Bool, isTrained: Bool)
  }

  /// How a component is stored.
  public enum Scalar: String, Hashable, Sendable, CaseIterable {
    /// Eight bits between the smallest and the largest value of the component.
    case eightBits = "SQ8"
    /// Six bits.
    case sixBits = "SQ6"
    /// Four bits.
    case fourBits = "SQ4"
    /// IEEE 754 half precision.
    case half = "SQfp16"
    /// The upper half of a float32.
    case brain = "SQbf16"
  }

  /// The parameters of product quantisation.
  public struct Product: Hashable, Sendable {
    /// Parts of a vector.
    public var subvectors: Int
    /// Bits of the number of a part's centroid.
    public var bits: Int
    /// `fs`: codes of four bits, laid out for comparing many at a time.
    public var isFastScan: Bool
    /// `r`: what is left of a vector after its cell's centroid is stored, not the vector.
    public var isResidual: Bool
    /// Not `np`: whether centroids are numbered so that near ones have similar numbers.
    public var isPolysemous: Bool
    /// `_n`: rows compared at a time.
    public var blockSize: Int?

    /// Creates parameters.
    public init(
      subvectors: Int, bits: Int = 8, isFastScan: Bool = false, isResidual: Bool = false,
      isPolysemous: Bool = true, blockSize: Int? = nil
    ) {
      self.subvectors = subvectors
      self.bits = bits
      self.isFastScan = isFastScan
      self.isResidual = isResidual
      self.isPolysemous = isPolysemous
      self.blockSize = blockSize
    }
  }
}

extension FaissComponents.Code: CustomStringConvertible {
  /// The element.
  public var description: String {
    switch self {
    case .flat: "Flat"
    case .scalar(let scalar): scalar.rawValue
    case .product(let product): product.description
    case .lsh(let bits, let isRotated, let isTrained):
      "LSH" + (bits.map(String.init) ?? "") + (isRotated ? "r" : "") + (isTrained ? "t" : "")
    }
  }
}

extension FaissComponents.Product: CustomStringConvertible {
  /// The element.
  public var description: String {
    var text = "PQ\(subvectors)"
    if isFastScan {
      text += "x\(bits)fs" + (isResidual ? "r" : "")
      if let blockSize { text += "_\(blockSize)" }
    } else {
      if bits != 8 { text += "x\(bits)" }
      if !isPolysemous { text += "np" }
    }
    return text
  }
}
