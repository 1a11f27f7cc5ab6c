/// Knobs of a graph build that are not part of the published parameters. The defaults are measured.
struct GraphPlan: Sendable {
  var parameters: HNSWParameters
  /// α of the neighbour selection on layer 0, in 1/1024 (1024 is the published heuristic).
  var alpha: Int = 1024
  /// Slots of a row while building, in percent of its degree.
  var slackPercent: Int = 150
  /// Nodes expanded at a time by the searches of the build.
  var width: Int = 2
  /// Largest batch, in percent of all nodes.
  var batchPercent: Int = 2
  /// Most links that a new node takes on layer 0.
  var firstDegree: Int

  init(_ parameters: HNSWParameters) {
    self.parameters = parameters
    firstDegree = parameters.baseDegree
  }
}
