/// Tells whether bytes are a record of one table: the checksum that ends every value is bound to the table's name
/// and to the key, so a record that is found anywhere says where it belongs.
struct TableSeal {
  let name: String
  private let seed: UInt32

  init(_ name: String) {
    self.name = name
    seed = Table.seed(of: name)
  }

  /// The value without its checksum; nil if that does not match.
  func payload(key: ArraySlice<UInt8>, value: [UInt8]) -> ArraySlice<UInt8>? {
    let count = value.count - Table.checksumSize
    guard count >= 0, !key.isEmpty else { return nil }
    let checksum = key.withUnsafeBytes { key in
      value.withUnsafeBytes { value in
        RecordChecksum.extend(
          RecordChecksum.extend(seed, key), UnsafeRawBufferPointer(rebasing: value[..<count]))
      }
    }
    let stored = value.suffix(Table.checksumSize).reversed().reduce(UInt32(0)) {
      $0 << 8 | UInt32($1)
    }
    return stored == checksum ? value[..<count] : nil
  }
}
