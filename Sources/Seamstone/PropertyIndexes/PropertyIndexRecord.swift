import ObjectStorage
import StorageIO

/// The property indexes of a collection, as the catalog keeps them.
struct PropertyIndexRecord: Sendable, Equatable, VersionedRecord {
  /// One index.
  struct Entry: Sendable, Equatable {
    /// What its terms start with; never used twice in a collection.
    var number: UInt32
    var path: PropertyPath
    /// The terms of all objects up to this DocID are in it. A build moves it up; at its end it is
    /// `UInt64.max`, and only then the index may answer.
    var coveredThrough: UInt64
    /// Whether it was dropped, and its terms are being removed.
    var isDropped: Bool

    var isComplete: Bool { !isDropped && coveredThrough == .max }
    var isUnfinished: Bool { !isComplete }
    var encoder: TermEncoder { TermEncoder(index: number) }
  }

  var entries: [Entry] = []
  private var nextNumber: UInt32 = 1

  init() {}

  /// The index of a path that was not dropped.
  func entry(_ path: PropertyPath) -> Entry? {
    entries.first { $0.path == path && !$0.isDropped }
  }

  /// Adds an empty index.
  /// - Parameter covered: The DocID up to which there are no objects.
  mutating func add(_ path: PropertyPath, coveredThrough covered: UInt64 = 0) {
    entries.append(
      Entry(number: nextNumber, path: path, coveredThrough: covered, isDropped: false))
    nextNumber += 1
  }

  /// Changes an index, if it is still there.
  mutating func change(_ number: UInt32, _ body: (inout Entry) -> Void) {
    guard let index = entries.firstIndex(where: { $0.number == number }) else { return }
    body(&entries[index])
  }

  /// Replaces a damaged index by an empty one on the same property.
  mutating func restart(_ number: UInt32) {
    guard let entry = entries.first(where: { $0.number == number }), !entry.isDropped else {
      return
    }
    change(number) { $0.isDropped = true }
    add(entry.path)
  }

  // MARK: - Stored form

  static let version: UInt16 = 1
  static let title = "the list of property indexes"
  /// No collection has more indexes; a count above it is damage.
  static let mostEntries = 1 << 16

  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(PropertyIndexRecord.version)
    writer.write(nextNumber)
    writer.write(UInt32(entries.count))
    for entry in entries {
      writer.write(entry.number)
      writer.write(entry.coveredThrough)
      writer.write(UInt8(entry.isDropped ? 1 : 0))
      writer.writeVarint(UInt64(entry.path.components.count))
      for name in entry.path.components { writer.writeString(name) }
    }
    return writer.bytes
  }

  init(_ reader: inout ByteReader) throws(StoreError) {
    nextNumber = try reader.readUInt32()
    let count = try reader.readUInt32()
    guard count <= PropertyIndexRecord.mostEntries else {
      throw reader.corruption("There are \(count) property indexes")
    }
    for _ in 0..<count {
      let number = try reader.readUInt32()
      let coveredThrough = try reader.readUInt64()
      let isDropped = try reader.readUInt8() != 0
      var components: [String] = []
      for _ in 0..<(try reader.readCount(limit: reader.remaining)) {
        components.append(try reader.readString())
      }
      let previous = entries.last?.number ?? 0
      guard number > previous, nextNumber > number, !components.isEmpty else {
        throw reader.corruption("Property index \(number) is out of order")
      }
      entries.append(
        Entry(
          number: number, path: PropertyPath(components: components),
          coveredThrough: coveredThrough, isDropped: isDropped))
    }
  }
}
