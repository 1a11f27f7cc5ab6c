import StorageIO

/// The fixed fields at the start of a segment file.
///
/// The numbers for kind, encoding and metric belong to the index; the container only keeps them.
package struct SegmentHeader: Hashable, Sendable {
  /// The format the file is written in.
  package var formatVersion: FormatVersion
  /// How neighbours are found.
  package var kind: UInt16
  /// How vectors are stored.
  package var encoding: UInt16
  /// How distances are measured.
  package var metric: UInt16
  /// Bits for the index.
  package var flags: UInt32
  /// Components of each vector.
  package var dimensions: UInt32
  /// Rows in the segment.
  package var count: UInt64
  /// The first DocID of the closed interval that the segment stands for.
  package var firstDocID: UInt64
  /// The last DocID of the interval; ids in it without a row have vanished.
  package var lastDocID: UInt64
  /// What the segment was made from.
  package var identifier: SegmentIdentifier
  /// The seed of the index.
  package var seed: UInt64
  /// How many times in a row the graph was taken over from an older segment.
  package var generation: UInt32

  /// Creates a header in the current format.
  package init(
    kind: UInt16, encoding: UInt16, metric: UInt16, flags: UInt32 = 0, dimensions: UInt32,
    count: UInt64, firstDocID: UInt64, lastDocID: UInt64, identifier: SegmentIdentifier,
    seed: UInt64, generation: UInt32 = 0, formatVersion: FormatVersion = .current
  ) {
    self.formatVersion = formatVersion
    self.kind = kind
    self.encoding = encoding
    self.metric = metric
    self.flags = flags
    self.dimensions = dimensions
    self.count = count
    self.firstDocID = firstDocID
    self.lastDocID = lastDocID
    self.identifier = identifier
    self.seed = seed
    self.generation = generation
  }
}

/// What the header says about the file itself.
struct SegmentGeometry: Hashable {
  /// The number in the file's name.
  var number: UInt64
  var fileLength: UInt64
  var tableOffset: UInt64
  var sectionCount: UInt32
}
