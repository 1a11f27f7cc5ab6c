/// What is wrong with a class, collected so that everything is said at once.
final class WeaviateProblems {
  private(set) var texts: [String] = []

  func add(_ text: String) { texts.append(text) }

  /// Notes an attempt to change what cannot change.
  func requireSame<Value: Equatable>(
    _ name: String, _ old: Value, _ new: Value, _ text: (Value) -> String = { "\($0)" }
  ) {
    guard old != new else { return }
    add("\(name) is immutable: attempted change from \"\(text(old))\" to \"\(text(new))\"")
  }
}
