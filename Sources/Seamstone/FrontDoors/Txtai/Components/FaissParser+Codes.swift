extension FaissParser {
  /// A code; nil for anything else.
  static func code(_ word: FaissWord) throws(Refusal) -> FaissComponents.Code? {
    if word.text == "Flat" { return .flat }
    if let scalar = FaissComponents.Scalar(rawValue: word.text) { return .scalar(scalar) }
    if ["SQ8_direct", "SQ8_direct_signed"].contains(word.text) {
      throw word.refusal("it keeps components as whole numbers, which normalised vectors are not")
    }
    var word = word
    if word.take("LSH") {
      let bits = try word.count("bits")
      let isRotated = word.take("r")
      let isTrained = word.take("t")
      try word.expectEnd()
      return .lsh(bits: bits, isRotated: isRotated, isTrained: isTrained)
    }
    guard word.take("PQ") else { return nil }
    var product = FaissComponents.Product(subvectors: try word.requiredCount("subvectors"))
    if word.take("+") {
      throw word.refusal("PQm+n, which ranks by a second code, works with l2-squared only")
    }
    if word.take("x") {
      product.bits = try word.requiredCount("bits")
      guard product.bits <= 24 else {
        throw word.refusal("a code has 1 to 24 bits, not \(product.bits)")
      }
      if word.take("fs") {
        guard product.bits == 4 else {
          throw word.refusal("fs is a layout for 4 bits, not \(product.bits)")
        }
        product.isFastScan = true
        product.isResidual = word.take("r")
        if word.take("_") { product.blockSize = try word.requiredCount("rows in a block") }
      }
    }
    if !product.isFastScan, word.take("np") { product.isPolysemous = false }
    try word.expectEnd()
    return .product(product)
  }

  /// What cannot be combined, though each element alone is right.
  static func check(_ components: FaissComponents) throws(Refusal) {
    if components.isBinary {
      let name = components.kind.description
      if let transform = components.transforms.first {
        throw Refusal(
          "\(transform) cannot be combined with \(name): it computes with numbers, not with bits")
      }
      if components.refinement != nil {
        throw Refusal("\(name) cannot be refined: its distances are exact")
      }
      return
    }
    if case .lsh = components.code, components.kind != .flat {
      throw Refusal("LSH cannot be combined with \(components.kind): it is an index of its own")
    }
    guard case .product(let product) = components.code else { return }
    if case .hnsw = components.kind, product.isFastScan {
      throw Refusal(
        "\(components.code) cannot be combined with \(components.kind): a graph compares single rows, fs "
          + "compares blocks; write PQ\(product.subvectors)x4")
    }
    if product.isResidual, components.kind == .flat {
      throw Refusal("\(components.code): residuals (r) need cells, as in IVF256,\(components.code)")
    }
  }

  /// The elements that are read, for "Did you mean …?".
  private static let names = [
    "Flat", "IDMap", "IDMap2", "IVF", "HNSW", "SQ8", "SQ6", "SQ4", "SQfp16", "SQbf16", "PQ", "PCA",
    "OPQ", "RFlat", "Refine", "LSH", "BFlat", "BIVF", "BHNSW", "BHash",
  ]
  /// Elements that faiss has and that are not read.
  private static let foreign = [
    "FlatDedup", "NSG", "IMI", "Residual", "RQ", "LSQ", "LRQ", "PRQ", "PLSQ", "EDEN", "RaBitQ",
    "SQtq",
    "ZnLattice", "MinMax", "L2norm", "RR", "ITQ", "HR", "Pad", "RCQ", "LT",
  ]

  static func unknown(_ element: String) -> Refusal {
    let shown = element.count > 40 ? "\(element.prefix(40))…" : element
    if foreign.contains(where: { element.hasPrefix($0) }) {
      return Refusal("\"\(shown)\" is a component of faiss that is not supported")
    }
    if element.contains("("), element.hasSuffix(")") {
      return Refusal("\"\(shown)\": only Refine(…) takes parentheses")
    }
    let stem = String(element.prefix(40).filter { !$0.isNumber })
    return Refusal(
      "unknown component \"\(shown)\" (\(NearestName.remedy(for: stem, among: names)))")
  }

  /// Why an element cannot stand after the others.
  static func misplaced(_ element: String, after before: String) -> Refusal {
    switch element {
    case "IDMap", "IDMap2": return Refusal("\(element) stands first, last or after transforms")
    case "RFlat": return Refusal("RFlat stands last")
    default: break
    }
    if (try? transform(FaissWord(element))) != nil {
      return Refusal("\(element) is done to vectors first, so it stands before \(before)")
    }
    let isKnown = (try? index(FaissWord(element), "Flat")) != nil
    return isKnown
      ? Refusal("\(element) cannot be combined with \(before): an index has one kind and one code")
      : unknown(element)
  }
}
