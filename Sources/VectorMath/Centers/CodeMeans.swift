/// Centres of a set of points by k-means on 7-bit codes: Lloyd's algorithm in whole numbers, so that the same
/// points and seed give the same centres on every CPU and at any number of threads.
///
/// The first rounds look at a part of many points only (nested mini-batches: Newling and Fleuret, 2016). Whenever a
/// centre has far more points than the mean, some of these become centres themselves in place of
/// the ones with the fewest: searches would spend most of their time in such a list.
package struct CodeMeans: Sendable {
  /// Components of a centre.
  package let dimensions: Int
  /// The centres, one after the other.
  package private(set) var centers: [UInt8]

  /// How often all points are assigned, besides the rounds on a part of them and those that only balance.
  static let fullRounds = 5
  /// How often a part of them is.
  static let partialRounds = 6
  /// The part.
  static let partialShare = 4
  /// The most rounds that only balance.
  static let balancingRounds = 6
  /// A centre may have so many times the mean number of points. Points that were not trained on are spread a little
  /// less evenly: 8 times is what lists may reach.
  static let mostShare = 4

  /// Clusters points; `nil` without any. There are at most as many centres as points.
  package static func train(
    _ points: CodePoints, centers wanted: Int, seed: UInt64, kernels: CenterKernels = .best,
    isCancelled: () -> Bool = { false }, parallel: ParallelLoop = sequentialLoop
  ) -> CodeMeans? {
    guard points.count > 0, wanted > 0 else { return nil }
    var run = CodeMeansRun(points, centers: min(wanted, points.count), seed: seed)
    let part = max(points.count / partialShare, min(points.count, 16 * run.count))
    let partial = part < points.count ? partialRounds : 0
    var round = 0
    var balancing = 0
    while true {
      if isCancelled() { return nil }
      let size = round < partial ? part : points.count
      run.assign(first: size, kernels: kernels, parallel: parallel)
      round += 1
      let isLast = round >= partial + fullRounds
      if isLast, balancing >= balancingRounds || !run.isUneven(mostShare) { break }
      run.move()
      let isChanged = run.balance(mostShare)
      if isLast {
        // Equal points cannot be parted.
        if !isChanged { break }
        balancing += 1
      }
    }
    return CodeMeans(dimensions: points.dimensions, centers: run.centers)
  }
}
