/// The parameters of the encoding `rabitq`.
public struct RaBitQConfiguration: Hashable, Sendable {
  /// Bits for each component of the rotated vector: 8, 4 or 1.
  public var bits: Int
  /// How many candidates are compared by their originals: the best so many, or all that were found when
  /// more results are asked for. nil for what suits the bits: 20 for 8, 50 for 4, 512 for 1. 0 for none:
  /// distances are then estimates.
  public var rescoreLimit: Int?

  /// What ``bits`` may be.
  public static let legalBits = [8, 4, 1]

  /// Creates a configuration; what is not said is as usual.
  public init(bits: Int = 8, rescoreLimit: Int? = nil) {
    self.bits = bits
    self.rescoreLimit = rescoreLimit
  }

  /// ``rescoreLimit``, with nil resolved.
  public var effectiveRescoreLimit: Int {
    if let rescoreLimit { return rescoreLimit }
    switch bits {
    case 1: return 512
    case 4: return 50
    default: return 20
    }
  }

  /// What is wrong with the values, as sentences.
  var problems: [String] {
    var problems: [String] = []
    if !RaBitQConfiguration.legalBits.contains(bits) {
      problems.append("bits is \(bits); it must be 8, 4 or 1")
    }
    if let rescoreLimit,
      let problem = ConfigurationLimits.problem(
        "rescoreLimit", rescoreLimit, ConfigurationLimits.rescoring)
    {
      problems.append(problem)
    }
    return problems
  }
}
