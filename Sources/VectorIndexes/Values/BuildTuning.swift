/// Knobs of a graph build that are not part of its published parameters. The defaults are measured;
/// other values are for measurements and tests.
package struct BuildTuning: Sendable, Hashable {
  /// α of the neighbour selection on layer 0, in 1/1024 (1024 is the published heuristic).
  package var alpha = 1024
  /// Slots of a row while building, in percent of its degree.
  package var slackPercent = 150
  /// Nodes expanded at a time by the searches of the build.
  package var width = 2
  /// Largest batch, in percent of all nodes.
  package var batchPercent = 2
  /// Links that a new node takes on layer 0, in percent of the degree.
  package var firstPercent = 100
  /// Whether nodes are put in an order in which neighbours lie close.
  package var ordersByLocality = true

  /// The measured defaults.
  package init() {}
}
