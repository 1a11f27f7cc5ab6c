package import Seamstone
package import VectorFiles

/// What the vectors of a collection are, and so the rows of files for it.
package struct VectorShape: Sendable {
  /// Components of a vector; nil while the collection does not know.
  package let dimensions: Int?
  package let elementType: ElementType

  package init(dimensions: Int?, elementType: ElementType = .float32) {
    self.dimensions = dimensions
    self.elementType = elementType
  }

  package init(_ configuration: CollectionConfiguration) {
    self.init(dimensions: configuration.dimensions, elementType: configuration.elementType)
  }

  /// How files are read. A row of packed bits has a component for each byte.
  package func options(batchRows: Int, batchBytes: Int = 8 << 20) -> VectorFileOptions {
    let isOfBits = elementType == .bits
    return VectorFileOptions(
      expectedDimensions: isOfBits ? dimensions.map { $0 / 8 } : dimensions, batchRows: batchRows,
      batchBytes: batchBytes, holdsBytes: isOfBits)
  }

  /// The vector that the components of a row stand for; nil for a component that is no byte.
  package func value(of components: some Swift.Collection<Float>) -> VectorValue? {
    switch elementType {
    case .float32: return .floats(Array(components))
    case .bits:
      var bytes: [UInt8] = []
      bytes.reserveCapacity(components.count)
      for component in components {
        guard let byte = UInt8(exactly: component) else { return nil }
        bytes.append(byte)
      }
      return .bits(bytes)
    }
  }
}
