/// Everything that decides what a graph looks like.
struct GraphPlan: Sendable {
  var parameters: HNSWParameters
  var tuning: BuildTuning

  /// Most links that a new node takes on layer 0.
  var firstDegree: Int { max(1, parameters.baseDegree * tuning.firstPercent / 100) }
}
