public import StorageIO

/// What a plan becomes.
extension TxtaiPlan {
  /// The configuration of a collection that serves the plan.
  /// - Throws: `invalidConfiguration` with every problem.
  public func configuration() throws(StoreError) -> CollectionConfiguration {
    if let first = problems.first {
      let text =
        problems.count == 1
        ? first : "\(problems.count) problems: " + problems.joined(separator: "; ")
      throw StoreError(.invalidConfiguration, "The configuration is not valid: \(text)")
    }
    if var custom {
      custom.dimensions = dimensions ?? custom.dimensions
      try custom.validate()
      return custom
    }
    if case .annoy(-1, _) = kind {
      throw StoreError(
        .invalidConfiguration, "annoy.ntrees is -1, and the dimensions are not known",
        remedy: "Set dimensions, or the number of trees")
    }
    var configuration = CollectionConfiguration(
      dimensions: dimensions, metric: .dot, index: index, encoding: encoding,
      transform: transform)
    if case .bits = element {
      configuration = CollectionConfiguration(
        dimensions: dimensions, index: index, elementType: .bits)
    }
    try configuration.validate()
    return configuration
  }

  /// The transforms as one.
  private var transform: VectorTransform {
    FaissComponents.Transform.joined(transforms) ?? .none
  }

  private var index: IndexConfiguration {
    switch kind {
    case .hnsw(let graph): .hnsw(graph)
    case .ivf(let cells, _, let probes):
      // Before there are vectors, what follows from their number is left open: segments decide it as faiss does.
      .ivf(
        lists: derivesCells && count == 0 ? nil : cells,
        probes: count == 0 ? givenProbes : probes,
        trainingLimit: trainingRows.flatMap { $0 > 0 ? $0 : nil })
    case .hash(let bits, let tables, let flips):
      .hash(bits: bits, tables: tables, flips: min(flips, 32))
    case .annoy(let trees, let searchK):
      .annoy(
        trees: trees,
        searchK: searchK == -1 ? nil : min(searchK, ConfigurationLimits.searchK.upperBound))
    case .flat: .flat
    }
  }
}
