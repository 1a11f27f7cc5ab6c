import StorageIO

/// Corrects all checksums around the contents of a damaged or hostile file, so that the checks
/// behind them are reached.
enum SegmentResealing {
  static func reseal(_ bytes: inout [UInt8]) {
    guard bytes.count >= 192 else { return }
    put(Checksum.of(Array(bytes[..<124])), at: 124, &bytes)
    let footer = bytes.count - 64
    let tableOffset = word(footer, bytes), tableLength = word(footer + 8, bytes)
    if tableOffset <= footer, tableLength <= UInt64(footer) - tableOffset {
      let table = Int(tableOffset)..<Int(tableOffset) + Int(tableLength)
      put(Checksum.of(Array(bytes[table])), at: footer + 40, &bytes)
    }
    put(Checksum.of(Array(bytes[..<footer])), at: footer + 44, &bytes)
    put(Checksum.of(Array(bytes[footer..<footer + 52])), at: footer + 52, &bytes)
  }

  static func word(_ offset: Int, _ bytes: [UInt8]) -> UInt64 {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
  }

  static func put(_ value: some FixedWidthInteger, at offset: Int, _ bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { raw in
      bytes.replaceSubrange(offset..<offset + raw.count, with: raw)
    }
  }
}
