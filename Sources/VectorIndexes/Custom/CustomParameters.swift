import StorageIO

/// A kind of index that is not part of this package, by its name.
package struct CustomParameters: Sendable, Hashable {
  /// The name it is registered by.
  package var name: String
  /// What it is told, as it understands it.
  package var settings: [UInt8]

  /// The longest name, in bytes.
  package static let longestName = 255
  /// The most bytes of settings.
  package static let mostSettings = 1 << 16

  /// Names a kind.
  package init(name: String, settings: [UInt8] = []) {
    self.name = name
    self.settings = settings
  }

  /// Refuses what the format cannot carry.
  func validate() throws(StoreError) {
    guard (1...Self.longestName).contains(name.utf8.count), settings.count <= Self.mostSettings
    else {
      throw StoreError(
        .invalidConfiguration,
        "the kind \"\(name)\" has a name of \(name.utf8.count) bytes and \(settings.count) bytes of settings",
        remedy:
          "Use a name of 1 to \(Self.longestName) bytes and at most \(Self.mostSettings) of settings"
      )
    }
  }

  /// All bytes, in eights, for the segment's identifier.
  var words: [UInt64] {
    var words = [UInt64(name.utf8.count) << 32 | UInt64(settings.count)]
    for (index, byte) in (Array(name.utf8) + settings).enumerated() {
      if index % 8 == 0 { words.append(0) }
      words[words.count - 1] |= UInt64(byte) << UInt64(index % 8 * 8)
    }
    return words
  }
}
