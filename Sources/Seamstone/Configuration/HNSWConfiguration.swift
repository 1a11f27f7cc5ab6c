/// The parameters of the graph index.
public struct HNSWConfiguration: Hashable, Sendable {
  /// Neighbours of a node on the upper layers; twice as many on the lowest.
  public var m: Int
  /// How many candidates are looked at to find the neighbours of a new node.
  public var efConstruction: Int
  /// The beam of searches that do not name one.
  public var ef: BeamWidth
  /// Segments with at least so many live vectors get a graph, smaller ones are scanned; nil leaves it to
  /// `CompactionLimits.graphRows`.
  public var graphRows: Int?
  /// The seed of the levels of nodes: the same data and seed give the same graph.
  public var seed: UInt64

  /// The usual ``m``.
  public static let defaultM = 24
  /// The usual ``efConstruction``.
  public static let defaultEFConstruction = 200
  /// The usual ``seed``.
  public static let defaultSeed: UInt64 = 100

  /// Creates a configuration; what is not said is as usual.
  public init(
    m: Int = HNSWConfiguration.defaultM,
    efConstruction: Int = HNSWConfiguration.defaultEFConstruction,
    ef: BeamWidth = .automatic, seed: UInt64 = HNSWConfiguration.defaultSeed,
    graphRows: Int? = nil
  ) {
    self.m = m
    self.efConstruction = efConstruction
    self.ef = ef
    self.seed = seed
    self.graphRows = graphRows
  }

  /// What is wrong with the values, as sentences.
  var problems: [String] {
    var problems: [String] = []
    if !ConfigurationLimits.m.contains(m) {
      problems.append("m is \(m); it must be \(ConfigurationLimits.text(ConfigurationLimits.m))")
    }
    if !ConfigurationLimits.efConstruction.contains(efConstruction) {
      let range = ConfigurationLimits.text(ConfigurationLimits.efConstruction)
      problems.append("efConstruction is \(efConstruction); it must be \(range)")
    }
    if let graphRows, !ConfigurationLimits.graphRows.contains(graphRows) {
      let range = ConfigurationLimits.text(ConfigurationLimits.graphRows)
      problems.append("graphRows is \(graphRows); it must be \(range)")
    }
    // Stored as a signed number, as JSON numbers are.
    if seed > UInt64(Int64.max) { problems.append("seed is \(seed); it must be at most 2^63 - 1") }
    return problems + ef.problems
  }
}
