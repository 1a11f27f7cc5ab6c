/// What encoding one vector met.
package struct EncodeOutcome: Sendable, Equatable {
  /// A component lay outside the map and was moved to its nearest end.
  package var clipped: Bool
  /// Code and residual decode to every component of the vector as it was given, bit for bit.
  package var exact: Bool

  /// An outcome.
  package init(clipped: Bool, exact: Bool) {
    self.clipped = clipped
    self.exact = exact
  }
}
