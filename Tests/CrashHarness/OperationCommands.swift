import StoreModel
import TestSupport

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Runs at least so many of a user's operations, divided among all sets of options: each set runs the same lists, one for
/// each seed. Prints what was done, or what goes wrong and how to see it again.
///
/// One operation is one call that a user makes of one store under one set of options, its answer compared: objects written,
/// deleted or changed, a batch, a search, a reading, a comparison of everything, a snapshot. What the schedules of the
/// options add (work, compaction, conversion, reopening, kills) is not counted, nor what ends each run: everything compared
/// twice, before and after a full compaction, and `verify`.
func compareOptions(seed: UInt64, count: Int, length: Int) {
  let each = length * RunOptions.all.count
  let rounds = max(1, (count + each - 1) / each)
  var done = 0
  for round in 0..<rounds where round == 0 || !TestSettings.isTimeUp {
    for options in RunOptions.all {
      report(MetamorphicRun(options, seed: seed &+ UInt64(round), length: length))
    }
    done = round + 1
  }
  say(
    "\(done * each) operations under \(RunOptions.all.count) sets of options, in runs of "
      + "\(length), seeds \(seed) to \(seed &+ UInt64(done) &- 1)")
}

/// Runs one list again, or what is left of it: numbers of operations, divided by commas.
func replayOperations(seed: UInt64, length: Int, options name: String, kept: String?) {
  guard let options = RunOptions.all.first(where: { $0.name == name }) else {
    say(
      "error: no options \(name); there are \(RunOptions.all.map(\.name).joined(separator: ", "))")
    exit(64)
  }
  let numbers = kept.map { Set($0.split(separator: ",").compactMap { Int($0) }) }
  report(MetamorphicRun(options, seed: seed, length: length, kept: numbers))
  say("no failure: \(options), seed \(seed)")
}

private func report(_ run: MetamorphicRun) {
  guard let failure = run.failure() else { return }
  say("error: \(failure)")
  exit(1)
}
