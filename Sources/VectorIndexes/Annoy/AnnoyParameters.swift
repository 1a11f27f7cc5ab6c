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
}
