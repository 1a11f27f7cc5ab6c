/// The section `kind` of a registered kind. Byte-exact description: FileFormat-Indexes.
enum CustomRecord {
  static let version: UInt32 = 1
  /// The bytes before the name.
  static let byteCount = 16

  /// The bytes of a name with settings.
  static func serialized(_ parameters: CustomParameters) -> [UInt8] {
    let words = [
      version, UInt32(clamping: parameters.name.utf8.count),
      UInt32(clamping: parameters.settings.count), 0,
    ]
    return words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
      + Array(parameters.name.utf8) + parameters.settings
  }

  /// Reads them; `nil` unless they are a name with settings.
  static func parameters(_ bytes: UnsafeRawBufferPointer) -> CustomParameters? {
    guard bytes.count >= byteCount else { return nil }
    func word(_ index: Int) -> Int {
      Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
    }
    let (name, settings) = (word(1), word(2))
    guard word(0) == Int(version), (1...CustomParameters.longestName).contains(name),
      settings <= CustomParameters.mostSettings, bytes.count >= byteCount + name + settings,
      let text = String(validating: bytes[byteCount..<byteCount + name], as: UTF8.self)
    else { return nil }
    return CustomParameters(
      name: text, settings: Array(bytes[(byteCount + name)..<(byteCount + name + settings)]))
  }
}
