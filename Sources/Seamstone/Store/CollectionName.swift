package import StorageIO

/// What a collection may be called.
package enum CollectionName {
  /// Refuses empty names, names over 200 bytes of UTF-8 and control characters.
  package static func check(_ name: String) throws(StoreError) {
    let reason: String?
    if name.isEmpty {
      reason = "is empty"
    } else if name.utf8.count > 200 {
      reason = "has \(name.utf8.count) bytes; 200 are allowed"
    } else if name.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
      reason = "contains a control character"
    } else {
      reason = nil
    }
    guard let reason else { return }
    throw StoreError(
      .invalidArgument, "The collection name \"\(name)\" \(reason)",
      remedy: "Use a short printable name")
  }
}
