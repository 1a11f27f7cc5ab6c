/// How far an index is that is built once and for all.
public enum IndexStage: String, Codable, CaseIterable, Sendable {
  /// Writes are accepted, and vectors are compared one by one.
  case loading
  /// The index is being built, or will be as soon as the store is open again; writes are refused.
  case building
  /// The index is there, and writes are refused.
  case built
}
