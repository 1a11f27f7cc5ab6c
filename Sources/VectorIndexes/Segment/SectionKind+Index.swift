import SegmentFiles

/// The raw values are four ASCII letters, lowest first.
extension SectionKind {
  /// Layout and graph parameters, then the quantizer.
  static let parameters = SectionKind(rawValue: 0x6D72_6170)
  /// DocIDs ascending, as offsets from the segment's first.
  static let docIDs = SectionKind(rawValue: 0x7363_6F64)
  /// Rank of each row's DocID.
  static let rowRanks = SectionKind(rawValue: 0x6B6E_6172)
  /// Row of each rank.
  static let rankRows = SectionKind(rawValue: 0x776F_7272)
  /// Encoded rows that the search walks over.
  static let rows = SectionKind(rawValue: 0x7377_6F72)
  /// Rows once more, in the blocks of a fast scan.
  static let blocks = SectionKind(rawValue: 0x736B_6C62)
  /// The second tier of int8 rows.
  static let residuals = SectionKind(rawValue: 0x7473_6572)
  /// Links of layer 0.
  static let baseLinks = SectionKind(rawValue: 0x306B_6E6C)
  /// Links of layers 1, 2, …, one after the other.
  static let upperLinks = SectionKind(rawValue: 0x556B_6E6C)
  /// Where the rows begin that hang on each node.
  static let duplicates = SectionKind(rawValue: 0x7370_7564)
  /// Nodes that every walk starts from as well.
  static let entries = SectionKind(rawValue: 0x7274_6E65)

  /// The map that makes rows of vectors.
  static let transform = SectionKind(rawValue: 0x6E61_7274)

  /// Parameters of kinds other than flat and hnsw.
  static let kind = SectionKind(rawValue: 0x646E_696B)

  /// Splits of trees.
  static let splits = SectionKind(rawValue: 0x6C70_7366)
  /// Planes of splits.
  static let planes = SectionKind(rawValue: 0x6E6C_7066)
  /// The index of a registered kind.
  static let custom = SectionKind(rawValue: 0x7473_7563)
  /// Rows of the trees' leaves.
  static let leaves = SectionKind(rawValue: 0x6661_656C)
  /// Rows, blocks and spread of each inverted list.
  static let lists = SectionKind(rawValue: 0x7473_696C)

  /// Numbers and first rows of buckets.
  static let buckets = SectionKind(rawValue: 0x746B_6362)

  /// Everything that depends on the graph and its order of rows, and not on how rows are encoded.
  static let ofGraph: [SectionKind] = [
    .docIDs, .rowRanks, .rankRows, .baseLinks, .upperLinks, .entries, .duplicates,
  ]

  /// The name used in errors and in the format's description.
  var indexName: String {
    switch self {
    case .parameters: "parameters"
    case .docIDs: "docIDs"
    case .rowRanks: "rowRanks"
    case .rankRows: "rankRows"
    case .rows: "rows"
    case .blocks: "blocks"
    case .residuals: "residuals"
    case .baseLinks: "baseLinks"
    case .upperLinks: "upperLinks"
    case .duplicates: "duplicates"
    case .entries: "entries"
    case .transform: "transform"
    case .kind: "kind"
    case .splits: "splits"
    case .planes: "planes"
    case .leaves: "leaves"
    case .custom: "custom"
    case .lists: "lists"
    case .buckets: "buckets"
    default: description
    }
  }
}
