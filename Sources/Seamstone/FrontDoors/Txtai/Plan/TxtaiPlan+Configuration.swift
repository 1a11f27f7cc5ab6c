public import StorageIO

/// What of a plan the engine can serve: the one place to change when more can be.
extension TxtaiPlan {
  /// What the plan needs and the engine does not have yet; empty for one that can be served.
  public var missing: [String] {
    var missing: [String] = []
    switch kind {
    case .flat, .hnsw: break
    case .ivf, .annoy, .hash: missing.append("the index kind \(kind.name)")
    }
    for transform in transforms { missing.append("the pre-transform \(transform)") }
    return missing
  }

  /// The configuration of a collection that serves the plan.
  /// - Throws: `invalidConfiguration` with every problem; `notSupported` with what is missing.
  public func configuration() throws(StoreError) -> CollectionConfiguration {
    if let first = problems.first {
      let text =
        problems.count == 1
        ? first : "\(problems.count) problems: " + problems.joined(separator: "; ")
      throw StoreError(.invalidConfiguration, "The configuration is not valid: \(text)")
    }
    if !missing.isEmpty {
      let what = components.map { "\(backend) with the components \($0)" } ?? backend
      throw StoreError(
        .notSupported,
        "\(what) needs \(missing.joined(separator: " and ")), which this release does not have yet",
        remedy: "Use faiss with Flat, HNSW32, SQ8, SQ4, SQfp16 or PQ, or the backends hnsw or numpy"
      )
    }
    if var custom {
      custom.dimensions = dimensions ?? custom.dimensions
      try custom.validate()
      return custom
    }
    let index: IndexConfiguration
    if case .hnsw(let graph) = kind { index = .hnsw(graph) } else { index = .flat }
    var configuration = CollectionConfiguration(
      dimensions: dimensions, metric: .dot, index: index, encoding: encoding)
    if case .bits = element {
      configuration = CollectionConfiguration(
        dimensions: dimensions, index: index, elementType: .bits)
    }
    try configuration.validate()
    return configuration
  }
}
