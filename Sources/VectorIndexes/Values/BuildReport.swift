/// What a build did, for events, statistics and tests.
package struct BuildReport: Sendable, Hashable {
  /// Rows in the segment.
  package var rows = 0
  /// Vectors that had vanished when they were read.
  package var vanished = 0
  /// Rows that hang on a node with the same codes.
  package var duplicates = 0
  /// Nodes whose links were taken over from the base segment.
  package var reusedNodes = 0
  /// Of these, nodes whose links were repaired because neighbours had gone.
  package var repairedNodes = 0
  /// Nodes that had to be attached because no walk reached them.
  package var attachedNodes = 0
  /// Whether codes and residuals reproduce every original bit for bit.
  package var reproducesOriginals = false
  /// Seconds spent in each phase, by its raw name.
  package var seconds: [String: Double] = [:]
}
