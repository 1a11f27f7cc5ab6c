/// The parameters of the encoding `binary`: the signs of the components.
public struct BinaryConfiguration: Hashable, Sendable {
  /// How many candidates are compared by their originals: the best so many, or all that were found when
  /// more results are asked for. nil for all; 0 for none: distances are then rough estimates.
  public var rescoreLimit: Int?

  /// Creates a configuration.
  public init(rescoreLimit: Int? = nil) { self.rescoreLimit = rescoreLimit }

  /// What is wrong with the values, as sentences.
  var problems: [String] {
    [
      rescoreLimit.flatMap {
        ConfigurationLimits.problem("rescoreLimit", $0, ConfigurationLimits.rescoring)
      }
    ].compactMap(\.self)
  }
}
