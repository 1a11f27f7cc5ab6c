import SegmentFiles
import StorageIO

/// Small valid segments of every shape the container knows.
enum SegmentSamples {
  /// A name and a segment for each.
  static func all(in directory: String) throws(StoreError) -> [(String, [UInt8])] {
    let shapes: [(String, [(UInt32, Int, Int)])] = [
      ("no-sections", []),
      ("one-section", [(1, 64, 100)]),
      ("empty-section", [(1, 64, 0)]),
      ("aligned-sections", [(1, 1, 7), (2, 8, 33), (3, 256, 64), (4, 512, 1)]),
      ("two-blocks", [(1, 64, 65_537)]),
    ]
    var samples: [(String, [UInt8])] = []
    for (number, (name, sections)) in shapes.enumerated() {
      samples.append((name, try sample(number, sections, in: directory)))
    }
    return samples
  }

  private static func sample(
    _ number: Int, _ sections: [(UInt32, Int, Int)], in directory: String
  ) throws(StoreError) -> [UInt8] {
    let fileSystem = PosixFileSystem()
    let header = SegmentHeader(
      kind: 1, encoding: 1, metric: 0, dimensions: 8, count: 4, firstDocID: 1, lastDocID: 9,
      identifier: .init(low: 1, high: 2), seed: 100)
    let writer = try SegmentWriter(
      fileSystem: fileSystem, directory: directory, number: UInt64(number), header: header)
    for (kind, alignment, length) in sections {
      try writer.beginSection(SectionKind(rawValue: kind), alignment: alignment)
      try writer.append((0..<length).map { UInt8(truncatingIfNeeded: $0) })
      try writer.endSection()
    }
    _ = try writer.finish()
    let path = SegmentFileName.segment(UInt64(number)).path(in: directory)
    let file = try fileSystem.openFile(path)
    let bytes = try file.readBytes(file.length, at: 0)
    file.close()
    try fileSystem.remove(path)
    return bytes
  }
}
