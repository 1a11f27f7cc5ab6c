import StorageIO

/// Corrects the checksums of a segment file around whatever it holds.
enum Resealing {
  static func reseal(_ bytes: inout [UInt8]) {
    guard bytes.count >= 192 else { return }
    let footer = bytes.count - 64
    // Magic and lengths first: random lengths would never get past the first check.
    put([0x89, 0x53, 0x45, 0x41, 0x4D, 0x0D, 0x0A, 0x1A], at: 0, &bytes)
    put(little(UInt64(bytes.count)), at: 88, &bytes)
    put(little(UInt64(bytes.count)), at: footer + 16, &bytes)
    put(Array(bytes[56..<72]), at: footer + 24, &bytes)
    put(Array(bytes[96..<104]), at: footer, &bytes)
    put([0x76, 0xAC, 0xBA, 0xBE, 0xB2, 0xF2, 0xF5, 0xE5], at: footer + 56, &bytes)
    put(little(Checksum.of(Array(bytes[..<124]))), at: 124, &bytes)
    let offset = word(footer, bytes)
    let length = word(footer + 8, bytes)
    if offset <= UInt64(footer), length <= UInt64(footer) - offset {
      let table = Array(bytes[Int(offset)..<Int(offset + length)])
      put(little(Checksum.of(table)), at: footer + 40, &bytes)
    }
    put(little(Checksum.of(Array(bytes[..<footer]))), at: footer + 44, &bytes)
    put(little(Checksum.of(Array(bytes[footer..<footer + 52]))), at: footer + 52, &bytes)
  }

  private static func word(_ offset: Int, _ bytes: [UInt8]) -> UInt64 {
    bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
  }

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private static func put(_ new: [UInt8], at offset: Int, _ bytes: inout [UInt8]) {
    bytes.replaceSubrange(offset..<offset + new.count, with: new)
  }
}
