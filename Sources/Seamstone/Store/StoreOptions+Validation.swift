import StorageIO

extension StoreOptions {
  /// Refuses values that nothing could work with, naming all of them at once.
  func validate() throws(StoreError) {
    var problems = compaction.problems + vectorizerProblems + indexKindProblems
    // The largest address space that 64-bit processors give to a process.
    if !(1...(1 << 47)).contains(mapSize) { problems.append("mapSize is \(mapSize)") }
    if !(1...1_000_000).contains(maximumReaders) {
      problems.append("maximumReaders is \(maximumReaders)")
    }
    if !(0...1_024).contains(threads) { problems.append("threads is \(threads)") }
    if !(0...1e9).contains(mapGrowthTimeout) {
      problems.append("mapGrowthTimeout is \(mapGrowthTimeout)")
    }
    if let maximumSnapshotAge, !(0...1e9).contains(maximumSnapshotAge) {
      problems.append("maximumSnapshotAge is \(maximumSnapshotAge)")
    }
    var types = WeaviateIndexSettings.builtIn
    for type in weaviateIndexTypes {
      if type.name.isEmpty || types.contains(type.name) {
        problems.append(
          "weaviateIndexTypes names \"\(type.name)\" twice, or it is empty or built in")
      }
      types.append(type.name)
    }
    guard !problems.isEmpty else { return }
    throw StoreError(
      .invalidConfiguration, "The options are not valid: " + problems.joined(separator: "; "),
      remedy: "Use values in the documented ranges, or the defaults")
  }
}

extension CompactionLimits {
  /// What is wrong with the values, as sentences. Within these ranges the policy reaches a fixed point
  /// and its arithmetic does not overflow.
  var problems: [String] {
    var problems: [String] = []
    let counts: [(name: String, value: Int, smallest: Int)] = [
      ("sealRows", sealRows, 1), ("sealBytes", sealBytes, 1), ("bulkSealRows", bulkSealRows, 1),
      ("hardTailBytes", hardTailBytes, 1 << 20), ("settleFactor", settleFactor, 1),
      ("softTailRows", softTailRows, 1), ("hardTailRows", hardTailRows, 1),
      ("graphRows", graphRows, 1), ("tierFactor", tierFactor, 2), ("tierCount", tierCount, 2),
      ("maximumSegments", maximumSegments, 1), ("rewriteDeletedRows", rewriteDeletedRows, 0),
      ("idleFlatRows", idleFlatRows, 0), ("conversionAttempts", conversionAttempts, 1),
    ]
    for (name, value, smallest) in counts where !(smallest...(1 << 31)).contains(value) {
      problems.append("\(name) is \(value); it must be at least \(smallest) and below 2^31")
    }
    if !(0.01...1).contains(rewriteDeletedShare) {
      problems.append("rewriteDeletedShare is \(rewriteDeletedShare); it must be 0.01 to 1")
    }
    if !(0...1e9).contains(idleSeconds) { problems.append("idleSeconds is \(idleSeconds)") }
    return problems
  }
}
