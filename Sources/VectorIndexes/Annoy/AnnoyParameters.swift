import StorageIO

/// How a forest of random-projection trees is built.
package struct AnnoyParameters: Sendable, Hashable {
  /// Trees of the forest; more find more, and take more memory.
  package var trees: Int
  /// Seed of everything that is drawn.
  package var seed: UInt64

  /// The most trees that the format carries.
  package static let treeRange = 1...10_000

  /// Creates parameters; the number of trees is that of txtai.
  package init(trees: Int = 10, seed: UInt64 = 100) {
    self.trees = trees
    self.seed = seed
  }

  /// Refuses what no forest can be built of, naming it.
  func validate(_ encoding: EncodingPlan) throws(StoreError) {
    guard Self.treeRange.contains(trees) else {
      throw StoreError(.invalidConfiguration, "\(trees) trees; a forest has \(Self.treeRange)")
    }
    switch encoding.kind {
    case .float32, .float16, .int8: return
    default:
      throw StoreError(
        .invalidConfiguration, "no forest can be built over \(encoding) rows",
        remedy: "Use float32, float16 or int8")
    }
  }
}
