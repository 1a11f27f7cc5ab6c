/// The object `hnsw`.
struct TxtaiHNSW: Hashable, Sendable {
  var efconstruction: Int?
  var m: Int?
  var randomseed: Int?
  var efsearch: Int?

  static let keys = ["efconstruction", "m", "randomseed", "efsearch"]
  static let usualM = 16
  static let usualEFConstruction = 200
  static let usualSeed = 100

  init() {}

  init(_ reader: SettingsReader) {
    efconstruction = reader.optionalWhole(
      "efconstruction", in: 1...ConfigurationLimits.efConstruction.upperBound)
    m = reader.optionalWhole("m", in: ConfigurationLimits.m)
    randomseed = reader.optionalWhole("randomseed", in: 0...Int.max)
    // 0 is as none.
    let width = reader.optionalWhole("efsearch", in: 0...ConfigurationLimits.beam.upperBound)
    efsearch = width == 0 ? nil : width
  }

  /// The graph asked for.
  var graph: HNSWConfiguration {
    let m = m ?? TxtaiHNSW.usualM
    let least = max(m, ConfigurationLimits.efConstruction.lowerBound)
    return HNSWConfiguration(
      m: m, efConstruction: max(efconstruction ?? TxtaiHNSW.usualEFConstruction, least),
      ef: efsearch.map { .fixed($0) } ?? .automatic,
      seed: UInt64(clamping: randomseed ?? TxtaiHNSW.usualSeed))
  }
}
