import StorageIO

/// What is wrong with settings, collected so that everything is said at once.
final class SettingsProblems {
  private(set) var texts: [String] = []

  func add(_ text: String) { texts.append(text) }

  /// Notes an attempt to change what cannot change.
  func requireSame<Value: Equatable>(
    _ name: String, _ old: Value, _ new: Value, _ text: (Value) -> String = { "\($0)" }
  ) {
    guard old != new else { return }
    add("\(name) is immutable: attempted change from \"\(text(old))\" to \"\(text(new))\"")
  }

  /// Throws everything that was added, as one error; nothing if there was nothing.
  func throwAny(title: String) throws(StoreError) {
    guard !texts.isEmpty else { return }
    throw StoreError(
      .invalidConfiguration, "\(title): " + texts.joined(separator: "; "),
      remedy: "Correct the configuration; nothing was created or changed")
  }
}
