/// How searches with a filter choose between comparing the matches one by one and walking the graph
/// past what does not match. Either way a search returns k results whenever k objects match.
public struct FilterPlanning: Hashable, Sendable {
  /// How a graph is walked under a filter.
  public enum Strategy: String, CaseIterable, Codable, Sendable {
    /// Through matching nodes, over those that do not match to their neighbours: only matches are
    /// compared with the query. (Patel et al., "ACORN", SIGMOD 2024.)
    case acorn
    /// Through every node, keeping those that match.
    case sweeping
  }

  /// A segment with fewer matches than this may compare them one by one, without its graph, and does where that is
  /// estimated to cost less than the walk. 0 always walks, unless a walk would have to end at every match anyway.
  public var flatSearchCutoff: Int
  /// How a graph is walked under a filter.
  public var strategy: Strategy

  /// Weaviate's default ``flatSearchCutoff``.
  public static let defaultFlatSearchCutoff = 40_000

  /// Creates a plan; what is not said is as usual.
  public init(
    flatSearchCutoff: Int = FilterPlanning.defaultFlatSearchCutoff, strategy: Strategy = .acorn
  ) {
    self.flatSearchCutoff = flatSearchCutoff
    self.strategy = strategy
  }

  /// What is wrong with the values, as sentences.
  var problems: [String] {
    flatSearchCutoff >= 0
      ? [] : ["flatSearchCutoff is \(flatSearchCutoff); it must be 0 or more"]
  }
}

extension FilterPlanning: Codable {
  private enum Key: String, CodingKey, CaseIterable { case flatSearchCutoff, strategy }

  /// Reads a plan: what is missing is as usual, a name that is not known is an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: Key.self)
    self.init()
    flatSearchCutoff =
      try container.decodeIfPresent(Int.self, forKey: .flatSearchCutoff) ?? flatSearchCutoff
    strategy = try container.decodeName(Strategy.self, forKey: .strategy) ?? strategy
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(flatSearchCutoff, forKey: .flatSearchCutoff)
    try container.encode(strategy, forKey: .strategy)
  }
}
