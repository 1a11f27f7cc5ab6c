import TestSupport

/// One list of operations under one set of options, on an empty store.
package struct MetamorphicRun: Sendable {
  package let options: RunOptions
  package let seed: UInt64
  /// How many of the operations are the user's.
  package let length: Int
  /// Positions of the operations that are run; nil for all.
  package var kept: Set<Int>?
  package var defect: PlantedDefect?

  package init(_ options: RunOptions, seed: UInt64, length: Int, kept: Set<Int>? = nil) {
    self.options = options
    self.seed = seed
    self.length = length
    self.kept = kept
  }

  /// The operations, those of the options' schedule included.
  package var operations: [StoreOperation] {
    let all = options.interleaved(StoreOperation.list(seed: seed, count: length))
    return all.filter { kept?.contains($0.position) ?? true }
  }

  /// What goes wrong, and how to see it again; nil for nothing.
  package func failure() -> String? {
    guard let failure = failure(of: operations) else { return nil }
    let replay = "swift run -c release CrashHarness replay \(seed) \(length) \(options)"
    let fewest = reduced()
    let numbers = fewest.map { "\($0.position)" }.joined(separator: ",")
    return """
      \(options), seed \(seed): \(failure)
      Replay: \(replay)
      \(fewest.count) operations are enough: \(fewest.map(\.description).joined(separator: ", "))
      Replay them: \(replay) \(numbers)
      """
  }

  /// The fewest operations that were found to fail.
  package func reduced(tries: Int = 150) -> [StoreOperation] {
    Reduction.shrink(operations, tries: tries) { failure(of: $0) != nil }
  }

  private func failure(of operations: [StoreOperation]) -> String? {
    do {
      let directory = try TemporaryDirectory(in: TemporaryDirectory.inMemory)
      // Long runs fill collections that trained encodings have enough of.
      var run = try OperationRun(
        options, in: directory.path, idRange: length >= 500 ? 2_500 : 700, defect: defect)
      try run.run(operations)
      return nil
    } catch {
      return "\(error)"
    }
  }
}
