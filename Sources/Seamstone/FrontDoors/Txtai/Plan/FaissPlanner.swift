/// Resolves the faiss settings for so many vectors.
struct FaissPlanner {
  let settings: TxtaiFaiss
  let isPacked: Bool
  var plan: TxtaiPlan
  var rootQuantize: TxtaiQuantize?

  init(settings: TxtaiFaiss, isPacked: Bool, plan: TxtaiPlan) {
    self.settings = settings
    self.isPacked = isPacked
    self.plan = plan
  }

  private var trainingRows: Int {
    FaissDerivation.trainingRows(plan.count, sample: settings.sample)
  }

  mutating func run() {
    let components = chooseComponents()
    plan.components = components
    guard components.isBinary == isPacked else {
      plan.problems.append(
        isPacked
          ? "faiss.components is \(components), which is for floats, but quantize packs vectors into bits: use "
            + "BFlat, BIVFx, BHNSWm or BHashb"
          : "faiss.components is \(components), which is for packed bits: set quantize to 1 to 8 bits"
      )
      return
    }
    plan.transforms = components.transforms
    chooseKind(components)
    if !isPacked { plan.encoding = encoding(of: components) }
    noteTransforms(components)
    checkDimensions(components)
    noteUnused(components)
  }

  private mutating func chooseComponents() -> FaissComponents {
    let quantize = settings.quantize ?? rootQuantize
    let name = settings.quantize == nil ? "quantize" : "faiss.quantize"
    if let given = settings.components {
      let filled = given.withCells(trainingRows: trainingRows)
      plan.set("faiss.components", filled, filled == given ? "as given" : "\(given), cells derived")
      if let quantize {
        plan.ignore("\(name): \(quantize)", because: "components say how vectors are stored")
      }
      return filled
    }
    if isPacked, let own = settings.quantize {
      plan.ignore("faiss.quantize: \(own)", because: "quantize packs vectors")
    }
    if !isPacked { note(quantize, name) }
    let derived = FaissDerivation.components(
      count: plan.count, trainingRows: trainingRows,
      storage: isPacked ? nil : TxtaiFaiss.storage(quantize))
    plan.set("faiss.components", derived, "derived for \(plan.count) vectors")
    return derived
  }

  private mutating func note(_ quantize: TxtaiQuantize?, _ name: String) {
    switch quantize {
    case nil: break
    case .flag(false):
      plan.set(name, false, "vectors are not quantised")
      plan.notes.append(
        "\(name): false switches off, as txtai documents it (its code takes it as 8 bits)")
    case .flag(true): plan.set(name, true, "8 bits: SQ8")
    case .bits(let bits): plan.set(name, bits, "SQ\(bits)")
    }
  }

  private mutating func chooseKind(_ components: FaissComponents) {
    let probes = settings.nprobe ?? FaissDerivation.probes(plan.count)
    switch components.kind {
    case .flat, .binaryFlat: plan.kind = .flat
    case .hnsw(let links), .binaryHNSW(let links): plan.kind = .hnsw(graph(links))
    case .ivf(let cells, let links):
      plan.derivesCells =
        settings.components.map { $0.kind == .ivf(cells: nil, links: links) } ?? true
      divide(cells ?? FaissDerivation.cells(trainingRows), links, probes)
    case .binaryIVF(let cells, let links):
      plan.derivesCells = settings.components == nil
      divide(cells, links, probes)
    case .binaryHash(let bits, let tables):
      let flips = settings.nflip ?? probes
      plan.kind = .hash(bits: bits, tables: tables, flips: flips)
      plan.set("faiss.nflip", flips, "bits that may differ in a bucket's number")
    }
  }

  private mutating func divide(_ cells: Int, _ links: Int?, _ probes: Int) {
    plan.givenProbes = settings.nprobe
    let probes = min(probes, cells)
    plan.kind = .ivf(cells: cells, links: links, probes: probes)
    plan.set("cells", cells, "inverted lists, trained on \(trainingRows) vectors")
    plan.set("faiss.nprobe", probes, "cells that a search looks into, also inside other components")
    if settings.sample != nil { plan.trainingRows = trainingRows }
    if let links {
      plan.ignore(
        "_HNSW\(links)",
        because: "centroids are compared directly, and by groups where there are many")
    }
  }

  /// faiss's graph, with its own defaults: they cannot be set through txtai.
  private func graph(_ links: Int) -> HNSWConfiguration {
    HNSWConfiguration(m: links)
  }

  private mutating func noteUnused(_ components: FaissComponents) {
    let text = components.description
    switch plan.kind {
    case .ivf: break
    case .hash where settings.nflip == nil: break
    default:
      if let nprobe = settings.nprobe {
        plan.ignore("faiss.nprobe: \(nprobe)", because: "\(text) is not divided into cells")
      }
    }
    if let nflip = settings.nflip {
      if case .hash = plan.kind {
      } else {
        plan.ignore("faiss.nflip: \(nflip)", because: "\(text) has no buckets")
      }
    }
    if let mmap = settings.mmap {
      plan.ignore(
        "faiss.mmap: \(mmap)",
        because: "indexes are always mapped, and vectors can be added and deleted all the same")
    }
    if let sample = settings.sample {
      if case .ivf = plan.kind, plan.count == 0 {
        plan.ignore(
          "faiss.sample: \(sample)",
          because: "it is a share of vectors whose number is not known yet")
      } else if case .ivf = plan.kind {
        plan.set("faiss.sample", sample, "\(trainingRows) vectors to train on")
      } else {
        plan.ignore(
          "faiss.sample: \(sample)",
          because: "without cells, at most 100,000 vectors are trained on")
      }
    }
  }
}

extension TxtaiQuantize: CustomStringConvertible {
  /// The value.
  var description: String {
    switch self {
    case .flag(let flag): "\(flag)"
    case .bits(let bits): "\(bits)"
    }
  }
}
