import SegmentFiles

extension SectionKind {
  /// Layout and graph parameters, then the quantizer.
  static let parameters = SectionKind(rawValue: 1)
  /// DocIDs ascending, as offsets from the segment's first.
  static let docIDs = SectionKind(rawValue: 2)
  /// Rank of each row's DocID.
  static let rowRanks = SectionKind(rawValue: 3)
  /// Row of each rank.
  static let rankRows = SectionKind(rawValue: 4)
  /// Encoded rows that the search walks over.
  static let rows = SectionKind(rawValue: 5)
  /// The second tier of int8 rows.
  static let residuals = SectionKind(rawValue: 6)
  /// Links of layer 0.
  static let baseLinks = SectionKind(rawValue: 7)
  /// Links of layers 1, 2, …, one after the other.
  static let upperLinks = SectionKind(rawValue: 8)
  /// Where the rows begin that hang on each node.
  static let duplicates = SectionKind(rawValue: 9)

  /// The name used in errors and in the format's description.
  var indexName: String {
    switch self {
    case .parameters: "parameters"
    case .docIDs: "docIDs"
    case .rowRanks: "rowRanks"
    case .rankRows: "rankRows"
    case .rows: "rows"
    case .residuals: "residuals"
    case .baseLinks: "baseLinks"
    case .upperLinks: "upperLinks"
    case .duplicates: "duplicates"
    default: "\(rawValue)"
    }
  }
}
