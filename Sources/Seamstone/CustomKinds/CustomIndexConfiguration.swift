import JSONText
public import ObjectStorage

/// Which kind of index of your own a collection has.
public struct CustomIndexConfiguration: Hashable, Sendable {
  /// The name that a ``CustomIndexKind`` is registered by.
  public var name: String
  /// What it is told.
  public var settings: [String: PropertyValue]

  /// Names a kind.
  public init(name: String, settings: [String: PropertyValue] = [:]) {
    self.name = name
    self.settings = settings
  }

  /// What is wrong with the values, as sentences.
  var problems: [String] {
    var problems: [String] = []
    if !(1...255).contains(name.utf8.count) {
      problems.append("the index kind has a name of \(name.utf8.count) bytes; it must be 1 to 255")
    }
    if IndexConfiguration.names.contains(name) {
      problems.append("\"\(name)\" is a built-in index kind, and cannot be one of your own")
    }
    return problems
  }

  /// The settings as segments keep them: the same for equal ones.
  var settingsText: String { settings.isEmpty ? "" : PropertyValue.object(settings).json }
}
