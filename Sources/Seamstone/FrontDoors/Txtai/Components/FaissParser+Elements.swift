extension FaissParser {
  /// The index that an element begins, with its code where that is an element of its own.
  static func index(
    _ word: FaissWord, _ next: String?
  ) throws(Refusal) -> (value: FaissComponents, usesTwoElements: Bool) {
    if let binary = try binary(word) { return (FaissComponents(kind: binary), false) }
    var rest = word
    if rest.take("IVF") {
      let kind = try inverted(&rest)
      guard let next else { throw word.refusal("a code must follow, as in \(word.text),Flat") }
      guard let code = try code(FaissWord(next)) else { throw misplaced(next, after: word.text) }
      return (FaissComponents(kind: kind, code: code), true)
    }
    if rest.take("HNSW") { return try graph(&rest, next) }
    guard let code = try code(word) else { throw unknown(word.text) }
    return (FaissComponents(kind: .flat, code: code), false)
  }

  /// What stands after `IVF`.
  private static func inverted(_ word: inout FaissWord) throws(Refusal) -> FaissComponents.Kind {
    let cells = try cells(&word)
    var links: Int?
    if word.take("_HNSW") {
      guard cells != nil else {
        throw word.refusal("the number of cells is missing; only IVF alone gets it from the data")
      }
      links = try word.count("links") ?? FaissComponents.usualLinks
    }
    try word.expectEnd()
    return .ivf(cells: cells, links: links)
  }

  /// A number of cells, where `k` stands for 1,024 and `M` for 1,024².
  private static func cells(_ word: inout FaissWord) throws(Refusal) -> Int? {
    guard let number = try word.count("cells") else { return nil }
    let cells = number * (word.take("k") ? 1 << 10 : word.take("M") ? 1 << 20 : 1)
    guard cells <= FaissWord.largestNumber else {
      throw word.refusal("more than \(FaissWord.largestNumber) cells")
    }
    return cells
  }

  /// What stands after `HNSW`.
  private static func graph(
    _ word: inout FaissWord, _ next: String?
  ) throws(Refusal) -> (value: FaissComponents, usesTwoElements: Bool) {
    let kind = FaissComponents.Kind.hnsw(
      links: try word.count("links") ?? FaissComponents.usualLinks)
    if word.take("_") {
      guard let code = try code(word.remainder) else { throw unknown(word.remainder.text) }
      return (FaissComponents(kind: kind, code: code), false)
    }
    try word.expectEnd()
    guard let next else { return (FaissComponents(kind: kind), false) }
    guard let code = try code(FaissWord(next)) else { throw misplaced(next, after: word.text) }
    return (FaissComponents(kind: kind, code: code), true)
  }

  /// An index of packed rows; nil for anything else.
  private static func binary(_ word: FaissWord) throws(Refusal) -> FaissComponents.Kind? {
    var word = word
    if word.text == "BFlat" { return .binaryFlat }
    if word.take("BIVF") {
      guard let cells = try cells(&word) else {
        throw word.refusal("the number of cells is missing; only IVF gets it from the data")
      }
      let links =
        word.take("_HNSW") ? try word.count("links") ?? FaissComponents.usualLinks : nil
      try word.expectEnd()
      return .binaryIVF(cells: cells, links: links)
    }
    if word.take("BHNSW") {
      let links = try word.count("links") ?? FaissComponents.usualLinks
      try word.expectEnd()
      return .binaryHNSW(links: links)
    }
    guard word.take("BHash") else { return nil }
    let first = try word.requiredCount("bits")
    guard word.take("x") else {
      try word.expectEnd()
      return .binaryHash(bits: first, tables: 1)
    }
    let bits = try word.requiredCount("bits")
    try word.expectEnd()
    return .binaryHash(bits: bits, tables: first)
  }

  /// A transform; nil for anything else.
  static func transform(_ word: FaissWord) throws(Refusal) -> FaissComponents.Transform? {
    var word = word
    if word.take("OPQ") {
      let subvectors = try word.requiredCount("subvectors")
      let dimensions = word.take("_") ? try word.requiredCount("dimensions") : nil
      try word.expectEnd()
      if let dimensions, dimensions % subvectors != 0 {
        throw word.refusal("\(subvectors) subvectors do not divide \(dimensions) dimensions")
      }
      return .opq(subvectors: subvectors, dimensions: dimensions)
    }
    guard word.take("PCA") else { return nil }
    if word.take("R") || word.take("W") {
      throw word.refusal("a rotation or whitening after PCA is not supported; write PCAd")
    }
    let dimensions = try word.requiredCount("dimensions")
    try word.expectEnd()
    return .pca(dimensions: dimensions)
  }
}
