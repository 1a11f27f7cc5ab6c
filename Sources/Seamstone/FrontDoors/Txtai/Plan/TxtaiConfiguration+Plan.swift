public import StorageIO

extension TxtaiConfiguration {
  /// What the configuration becomes.
  /// - Parameters:
  ///   - count: How many vectors there are, which derived values follow; a new collection has none.
  ///   - dimensions: Components of a vector, where the configuration does not say it; before packing, where
  ///     vectors are packed bits.
  public func plan(count: Int = 0, dimensions given: Int? = nil) -> TxtaiPlan {
    var plan = TxtaiPlan(backend: backendName, kind: .flat, count: count, dimensions: given)
    if let bits = packed {
      placePacked(bits, components: given, in: &plan)
    } else if let dimensions {
      place(dimensions, given: given, in: &plan)
    }
    plan.notes += unused
    switch backend {
    case .faiss: planFaiss(&plan)
    case .hnsw: planGraph(&plan)
    case .annoy: planForest(&plan)
    case .numpy, .torch: planArray(&plan)
    case .custom(let name):
      plan.custom = custom
      plan.encoding = custom?.encoding
      if case .hnsw(let graph)? = custom?.index { plan.kind = .hnsw(graph) }
      plan.set("backend", name, "the registered type of this name")
      ignoreQuantize(&plan, "the backend is \(name)")
    }
    return plan
  }

  /// The configuration of a collection for it, which has no vectors yet.
  /// - Throws: `invalidConfiguration` or `notSupported`.
  public func collectionConfiguration(
    dimensions: Int? = nil
  ) throws(StoreError) -> CollectionConfiguration {
    try plan(dimensions: dimensions).configuration()
  }

  /// The bits of packed components; nil for floats.
  var packed: Int? {
    guard [.faiss, .numpy, .torch].contains(backend) else { return nil }
    if case .bits(let bits)? = quantize {
      return min(max(bits, Self.packedBits.lowerBound), Self.packedBits.upperBound)
    }
    return backend == .faiss ? nil : array.bits
  }

  private func place(_ dimensions: Int, given: Int?, in plan: inout TxtaiPlan) {
    if let given, given != dimensions {
      plan.problems.append(
        "dimensions is \(dimensions), but vectors have \(given) components")
    } else {
      plan.dimensions = dimensions
      plan.set("dimensions", dimensions, "the length of every vector")
    }
  }

  /// txtai's `dimensions` are the bytes of a packed row; components take so many bits each, padded to whole bytes.
  private func placePacked(_ bits: Int, components: Int?, in plan: inout TxtaiPlan) {
    let needed = components.map { (min(max($0, 0), 1 << 32) * bits + 7) / 8 }
    if let dimensions, let components, let needed, needed != dimensions {
      plan.problems.append(
        "dimensions is \(dimensions) bytes, but \(components) components of \(bits) bits make \(needed)"
      )
    }
    guard let bytes = dimensions ?? needed else { return }
    let (total, overflow) = bytes.multipliedReportingOverflow(by: 8)
    plan.dimensions = overflow ? .max : total
    plan.set("dimensions", bytes, "\(bytes) bytes, \(plan.dimensions ?? 0) bits")
  }

  /// Packed rows, if the configuration asks for them.
  private func planPacked(_ plan: inout TxtaiPlan) -> Bool {
    guard let bits = packed else { return false }
    plan.element = .bits(bits)
    let isOwn = backend != .faiss && array.bits != nil && quantize == nil
    let name = isOwn ? "\(backendName).quantize" : "quantize"
    plan.set(name, bits, "\(bits) bits of each component, packed; compared by Hamming distance")
    if case .bits(let asked)? = quantize, asked != bits {
      plan.notes.append("quantize is \(asked), which is taken as \(bits): it is 1 to 8 bits")
    }
    return true
  }

  private func ignoreQuantize(_ plan: inout TxtaiPlan, _ reason: String) {
    switch quantize {
    case nil: break
    case .flag(let flag): plan.ignore("quantize: \(flag)", because: reason)
    case .bits(let bits): plan.ignore("quantize: \(bits)", because: reason)
    }
  }

  private func planFaiss(_ plan: inout TxtaiPlan) {
    let isPacked = planPacked(&plan)
    var planner = FaissPlanner(settings: faiss, isPacked: isPacked, plan: plan)
    if !isPacked { planner.rootQuantize = quantize }
    planner.run()
    plan = planner.plan
  }

  private func planGraph(_ plan: inout TxtaiPlan) {
    let graph = hnsw.graph
    plan.kind = .hnsw(graph)
    plan.encoding = .int8()
    plan.set("hnsw.m", graph.m, "links of a node; twice as many on the lowest layer")
    plan.set("hnsw.efconstruction", graph.efConstruction, "the beam while the graph is built")
    if let asked = hnsw.efconstruction, asked != graph.efConstruction {
      plan.notes.append(
        "hnsw.efconstruction is \(asked), which is raised to \(graph.efConstruction), as it is less than m or 4"
      )
    }
    plan.set("hnsw.randomseed", graph.seed, "the seed of the nodes' levels")
    if let width = hnsw.efsearch {
      plan.set("hnsw.efsearch", width, "the beam of a search, or the results if these are more")
    } else {
      plan.set(
        "hnsw.efsearch", "not set",
        "8 times the results, 100 to 500 (hnswlib would use 10 and find less)")
    }
    ignoreQuantize(&plan, "the backend hnsw takes none")
  }

  private func planForest(_ plan: inout TxtaiPlan) {
    let trees = annoy.ntrees ?? TxtaiAnnoy.usualTrees
    let fitting = plan.dimensions.map { TxtaiAnnoy.fittingTrees(dimensions: $0) }
    let resolved = trees == -1 ? fitting ?? -1 : trees
    plan.kind = .annoy(trees: resolved, searchK: annoy.searchk ?? -1)
    plan.encoding = .int8()
    let effect =
      trees != -1
      ? "trees of the forest"
      : fitting == nil ? "as many trees as fit, once dimensions are known" : "as many trees as fit"
    plan.set("annoy.ntrees", resolved, effect)
    switch annoy.searchk ?? -1 {
    case -1: plan.set("annoy.searchk", -1, "results times trees")
    case 0:
      plan.set("annoy.searchk", 0, "no results")
      plan.notes.append(
        "annoy.searchk is 0: searches would find nothing. Leave it out for the default")
    case let limit: plan.set("annoy.searchk", limit, "candidates of a search")
    }
    ignoreQuantize(&plan, "the backend annoy takes none")
  }

  private func planArray(_ plan: inout TxtaiPlan) {
    plan.encoding = .float32
    if backend == .torch {
      plan.notes.append(
        "torch: searches run on the CPU, on all its cores; nothing here runs on a GPU")
    }
    if let safetensors = array.safetensors {
      plan.ignore(
        "\(backendName).safetensors: \(safetensors)",
        because: "vectors are kept in the store, not in a file of tensors")
    }
    if planPacked(&plan) {
      plan.encoding = nil
    } else if let flag = array.flag {
      plan.ignore("\(backendName).quantize: \(flag)", because: "it is a number of bits, 1 to 8")
    }
    if case .flag(let flag)? = quantize {
      plan.ignore("quantize: \(flag)", because: "the backend \(backendName) takes a number of bits")
    }
    guard let blocks = array.blocks, plan.element == .float32 else { return }
    plan.encoding = blocks.type == .int8 ? .int8() : .int4()
    plan.set("torch.quantize", blocks.type.rawValue, "the encoding \(plan.encoding?.name ?? "")")
    plan.notes.append(
      "torch.quantize: \(blocks.type.rawValue) becomes \(plan.encoding?.name ?? ""), which is near it; candidates "
        + "are compared by their originals")
    if let size = blocks.blocksize {
      plan.ignore(
        "torch.quantize.blocksize: \(size)", because: "codes have one scale for a segment")
    }
  }
}
