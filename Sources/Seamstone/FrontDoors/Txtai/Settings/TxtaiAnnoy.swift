/// The object `annoy`.
struct TxtaiAnnoy: Hashable, Sendable {
  var ntrees: Int?
  var searchk: Int?

  static let keys = ["ntrees", "searchk"]
  static let usualTrees = 10

  /// For -1 Annoy adds trees until there are as many nodes of trees as vectors. A leaf of its holds as many ids as
  /// there are components, and is some three fifths full; there are as many splits as leaves.
  static func fittingTrees(dimensions: Int) -> Int { max(1, dimensions * 3 / 10) }

  init() {}

  init(_ reader: SettingsReader) {
    ntrees = reader.optionalWhole("ntrees", in: -1...FaissWord.largestNumber)
    if ntrees == 0 {
      reader.refuse("ntrees", "1 or more, or -1 for as many as fit")
      ntrees = nil
    }
    searchk = reader.optionalWhole("searchk", in: -1...Int.max)
  }
}
