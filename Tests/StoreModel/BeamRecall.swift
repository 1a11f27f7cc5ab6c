/// The recall@10 of the same index searches with a wide and with a narrow beam.
///
/// A beam of 400 sees most of a graph of a few hundred nodes, whatever its links are like. So graphs here have
/// thousands of nodes where it matters, and the narrow beam tells when their links are worse than they were.
package struct BeamRecall: Sendable, CustomStringConvertible {
  package static let wideBeam = 400
  package static let narrowBeam = 32
  /// What the wide beam must find at least.
  private static let wideFloor = 0.99
  /// What the narrow beam must find at least, on graphs with `m` 8 as the fixtures build them.
  private static let narrowFloor = 0.95

  package var wide = Recall()
  package var narrow = Recall()

  package init() {}

  package static func += (a: inout BeamRecall, b: BeamRecall) {
    a.wide += b.wide
    a.narrow += b.narrow
  }

  /// Whether more searches are needed to judge: in a few, a single miss is a large share.
  package var isDoubtful: Bool { !wide.isAtLeast(Self.wideFloor) }

  /// Throws `ModelMismatch` if a beam found less than it must. Of less than a thousand results the narrow
  /// one's share is left to chance too much.
  package func require() throws {
    try requireWide()
    if narrow.expected >= 1_000 { try narrow.require(Self.narrowFloor) }
  }

  /// Throws `ModelMismatch` if the wide beam found less than it must, or than a lower floor.
  package func requireWide(_ floor: Double? = nil) throws {
    try wide.require(floor ?? Self.wideFloor)
  }

  package var description: String {
    "\(wide) at ef \(Self.wideBeam), \(narrow) at ef \(Self.narrowBeam)"
  }
}
