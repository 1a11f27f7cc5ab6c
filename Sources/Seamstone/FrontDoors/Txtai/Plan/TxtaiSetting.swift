/// A setting, its value and what it becomes.
public struct TxtaiSetting: Hashable, Sendable {
  /// The key, with the object it stands in: `faiss.nprobe`.
  public let name: String
  /// The value, given or derived.
  public let value: String
  /// What it becomes here.
  public let effect: String

  /// Creates a setting.
  public init(name: String, value: String, effect: String) {
    self.name = name
    self.value = value
    self.effect = effect
  }
}
