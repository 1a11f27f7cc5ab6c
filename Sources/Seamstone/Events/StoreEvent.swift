/// Something that happened in a store without anybody having called for it.
public struct StoreEvent: Sendable, Equatable, CustomStringConvertible {
  /// What kind of thing happened. The raw value is stable.
  public enum Kind: String, Sendable, CaseIterable {
    /// A segment was built and published.
    case segmentPublished
    /// A segment file was missing, damaged or foreign; its vectors are served by exact scan.
    case segmentQuarantined
    /// A quarantined segment was built again.
    case segmentRebuilt
    /// A built graph failed the self-check and was published as a flat segment.
    case publishedFlat
    /// The codes of a segment could not tell its vectors apart, some being much larger than others: it is stored as
    /// float32 instead.
    case publishedUncompressed
    /// A temporary file or a segment that no manifest names was removed at open.
    case orphanRemoved
    /// A background job failed; it is tried again later.
    case jobFailed
    /// A collection names an index kind that is not registered: every vector is compared.
    case indexKindMissing
    /// A conversion could not be finished and was given up; the collection is as before.
    case conversionFailed
    /// A failed sync made the store refuse writes until it is reopened.
    case poisoned
    /// A snapshot passed the age limit and was closed.
    case snapshotExpired
    /// The scrub has read every checksum of the segments that were there at open.
    case scrubFinished
  }

  /// What kind of thing happened.
  public var kind: Kind
  /// The collection concerned, if one is.
  public var collection: String?
  /// The number of the segment concerned, if one is.
  public var segment: UInt64?
  /// What happened, for people.
  public var message: String

  /// `kind collection segment: message`.
  public var description: String {
    let place = [collection, segment.map { "segment \($0)" }].compactMap { $0 }
      .joined(separator: " ")
    return "\(kind.rawValue)\(place.isEmpty ? "" : " " + place): \(message)"
  }
}
