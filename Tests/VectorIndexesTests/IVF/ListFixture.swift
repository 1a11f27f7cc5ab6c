import SegmentFiles
import VectorIndexes

extension IndexKind {
  /// Lists for the small segments of tests.
  static func lists(_ count: Int, seed: UInt64 = 100) -> IndexKind {
    .ivf(IVFParameters(lists: count, seed: seed))
  }
}

extension SectionKind {
  /// Centroids.
  static let kind = SectionKind(rawValue: 0x646E_696B)
  /// Rows, blocks and spread of each list.
  static let lists = SectionKind(rawValue: 0x7473_696C)
  /// Blocks of a fast scan.
  static let blocks = SectionKind(rawValue: 0x736B_6C62)
}
