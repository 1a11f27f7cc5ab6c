/// How a graph is built. All of it is stored in the segment, so that a merge knows whether it can
/// reuse a graph.
package struct HNSWParameters: Sendable, Hashable {
  /// Links of a node on the upper layers; layer 0 has twice as many.
  package var m: Int
  /// Width of the beam that looks for a new node's neighbours.
  package var efConstruction: Int
  /// Seed of the levels and of the order of insertion.
  package var seed: UInt64

  /// The smallest and largest `m` that the format carries.
  package static let mRange = 2...2_047

  /// Creates parameters; the defaults are the ones measured best on the project's data sets.
  package init(m: Int = 24, efConstruction: Int = 200, seed: UInt64 = 100) {
    self.m = m
    self.efConstruction = efConstruction
    self.seed = seed
  }

  /// Most links of a node on layer 0.
  package var baseDegree: Int { 2 * m }
}
