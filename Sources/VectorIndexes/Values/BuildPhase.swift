/// What a build is doing.
package enum BuildPhase: String, Sendable, Hashable {
  /// Looking at a sample to choose the codes.
  case calibrating
  /// Reading and encoding originals.
  case encoding
  /// Linking nodes.
  case linking
  /// Writing sections.
  case writing
}
