import StorageIO

/// Refuses texts that a parser would take long for, before it sees them.
enum YAMLGuard {
  private static let maximumLength = 1 << 16
  private static let maximumAliases = 16

  static func check(_ text: String) throws(StoreError) {
    guard text.utf8.count <= maximumLength else {
      throw YAMLReader.refusal("longer than \(maximumLength >> 10) KiB")
    }
    // Aliases of aliases multiply. One in a text in quotes is counted as well, which does no harm.
    var aliases = 0
    var before = UInt8(ascii: "\n")
    for byte in text.utf8 {
      if byte == UInt8(ascii: "*"), " \n\r\t[]{},:-?".utf8.contains(before) { aliases += 1 }
      before = byte
    }
    guard aliases <= maximumAliases else {
      throw YAMLReader.refusal("more than \(maximumAliases) aliases (*name)")
    }
  }
}
