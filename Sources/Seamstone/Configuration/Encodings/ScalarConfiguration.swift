/// The parameters of the encodings `int8` and `int4`, which map every component by one straight line for a
/// whole segment.
public struct ScalarConfiguration: Hashable, Sendable {
  /// The most vectors of a segment that are looked at to choose the line.
  public var trainingLimit: Int
  /// How many candidates are compared by their originals: the best so many, or all that were found when
  /// more results are asked for. 0 for none: distances are then approximate.
  ///
  /// `int8` ranks its candidates by 15 bits of each component before, so that at the usual limit, and
  /// below, it compares only the results and a quarter more; a larger limit makes it compare so many.
  public var rescoreLimit: Int

  /// The usual ``trainingLimit``.
  public static let defaultTrainingLimit = 100_000
  /// The usual ``rescoreLimit``.
  public static let defaultRescoreLimit = 20

  /// Creates a configuration; what is not said is as usual.
  public init(
    trainingLimit: Int = ScalarConfiguration.defaultTrainingLimit,
    rescoreLimit: Int = ScalarConfiguration.defaultRescoreLimit
  ) {
    self.trainingLimit = trainingLimit
    self.rescoreLimit = rescoreLimit
  }

  /// What is wrong with the values, as sentences.
  var problems: [String] {
    [
      ConfigurationLimits.problem("trainingLimit", trainingLimit, ConfigurationLimits.training),
      ConfigurationLimits.problem("rescoreLimit", rescoreLimit, ConfigurationLimits.rescoring),
    ].compactMap(\.self)
  }
}
