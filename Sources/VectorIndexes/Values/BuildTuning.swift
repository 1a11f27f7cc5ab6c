/// Knobs of a graph build that are not part of its published parameters. The defaults are measured;
/// other values are for measurements and tests.
package struct BuildTuning: Sendable, Hashable {
  /// α of the neighbour selection, in 1/1024; 1024 is the published heuristic. A little more
  /// (Vamana, Subramanya et al., 2019) keeps links that a walk can do without but profits from: on
  /// sift-100k with m 24 a recall of 0.99 takes 44 expansions instead of 53, with fewer distances. And
  /// repaired graphs stay as good as fresh ones: with 1024, replacing 2 % of the rows 50 times
  /// took recall from 0.96 to 0.94 at ef 32; with 1126 it stays at 0.99.
  package var alpha = 1126
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
