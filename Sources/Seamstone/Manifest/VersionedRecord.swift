import StorageIO

/// A record in LMDB that begins with the version of its form.
protocol VersionedRecord {
  /// The version that this release writes, and the only one it reads.
  static var version: UInt16 { get }
  /// What it is called in messages.
  static var title: String { get }

  /// Reads what follows the version, up to the end.
  init(_ reader: inout ByteReader) throws(StoreError)
}

extension VersionedRecord {
  /// Reads the whole record.
  init(decoding bytes: [UInt8], at location: StoreError.Location) throws(StoreError) {
    self = try unsafe bytes.withRawBytes { (raw) throws(StoreError) in
      var reader = unsafe ByteReader(raw, at: location)
      let version = try reader.readUInt16()
      guard version == Self.version else {
        throw StoreError(
          version > Self.version ? .formatTooNew : .formatTooOld,
          "Version \(version) of \(Self.title) was found, this release reads \(Self.version)",
          at: location, remedy: "Open the store with the release that wrote it")
      }
      let record = try Self(&reader)
      try reader.expectEnd()
      return record
    }
  }
}
