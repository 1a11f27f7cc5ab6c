/// Finds the vectors and ids in an index that faiss wrote (index_write.cpp): flat, IVF-flat and
/// HNSW-flat indexes, and those in an id map.
struct FaissHeader {
  /// What every index begins with.
  struct Start {
    /// Where the number of vectors is, for messages.
    var countOffset: Int
    var dimensions: Int
    var count: Int
    var metric: IndexMetric?
  }

  /// Indexes may hold indexes; those that are read hold at most three (map, IVF, quantiser, storage).
  private static let maximumDepth = 6
  /// Kinds whose vectors are not stored whole, for the message.
  private static let otherKinds: [String: String] = [
    "IxSQ": "scalar codes", "IwSq": "scalar codes in lists", "IxPq": "product codes",
    "IwPQ": "product codes in lists", "IwPf": "product codes in lists",
    "IPfs": "product codes", "IHNs": "scalar codes in a graph", "IHNp": "product codes in a graph",
    "IHNc": "a CAGRA graph", "IxPT": "transformed vectors", "IxRF": "codes with refinement",
    "IxHe": "hash codes", "IBxF": "packed bits", "IBwF": "packed bits", "IBHf": "packed bits",
    "IBHh": "packed bits", "IBMp": "packed bits", "IBM2": "packed bits",
  ]

  let header: HeaderReader

  init(_ header: HeaderReader) { self.header = header }

  /// The rows of the file's index.
  func rows() throws(VectorFileError) -> IndexFileRows { try index(depth: 0) }

  private func index(depth: Int) throws(VectorFileError) -> IndexFileRows {
    let offset = header.position
    let bytes = try header.bytes(4, "the kind of index")
    let kind = String(decoding: bytes, as: UTF8.self)
    guard depth < Self.maximumDepth else {
      throw header.malformed(at: offset, "indexes nested more than \(Self.maximumDepth) deep")
    }
    switch kind {
    case "IxF2", "IxFI", "IxFl": return try flat()
    case "IxMp", "IxM2": return try mapped(depth: depth)
    case "IwFl": return try lists(depth: depth)
    case "IHNf":
      let start = try self.start()
      try skipGraph()
      let rows = try index(depth: depth + 1)
      try check(rows, start)
      return rows
    default:
      throw unknown(kind, at: offset)
    }
  }

  /// Dimensions, count, two words without meaning, whether it is trained, the metric, and where the
  /// metric takes one its argument.
  func start() throws(VectorFileError) -> Start {
    let offset = header.position
    let dimensions = Int(try header.integer(Int32.self, "the dimensions"))
    try header.checkDimensions(dimensions, at: offset)
    let count = try header.count("the number of vectors")
    try header.skip(17, "the index's header")
    let metric = try header.integer(Int32.self, "the metric")
    if metric > 1 { try header.skip(4, "the metric's argument") }
    return Start(
      countOffset: offset + 4, dimensions: dimensions, count: count,
      metric: IndexMetric(faiss: metric))
  }

  /// Vectors one after another, with the number of their components before.
  private func flat() throws(VectorFileError) -> IndexFileRows {
    let start = try self.start()
    let offset = header.position
    let components = try header.listCount(of: 4, "the vectors")
    let rows = components / start.dimensions
    guard components % start.dimensions == 0, rows == start.count else {
      throw header.malformed(
        at: offset,
        "\(components) components, but the header promises \(start.count) vectors of "
          + "\(start.dimensions) dimensions")
    }
    let data = header.position
    try header.skip(components * 4, "the vectors")
    return IndexFileRows(
      dimensions: start.dimensions, stride: 4 * start.dimensions,
      runs: [.init(offset: data, count: rows)], metric: start.metric)
  }

  /// An index followed by the ids of its vectors.
  private func mapped(depth: Int) throws(VectorFileError) -> IndexFileRows {
    let start = try self.start()
    var rows = try index(depth: depth + 1)
    try check(rows, start)
    let offset = header.position
    // Lists keep positions, which the map turns into ids; other rows come in the map's order.
    if case .listed = rows.ids, !rows.isInOrder {
      let count = try header.listCount(of: 8, "the ids")
      guard count == start.count else { throw wrongIDs(count, start, at: offset) }
      rows.ids = .mapped(IDTable(file: header.file, offset: header.position, count: count))
      return rows
    }
    guard case .none = rows.ids, rows.runs.count == 1 else {
      throw header.malformed(at: start.countOffset - 8, "an id map around an id map")
    }
    let count = try header.listCount(of: 8, "the ids")
    guard count == start.count else { throw wrongIDs(count, start, at: offset) }
    rows.runs[0].idOffset = header.position
    rows.ids = .listed
    return rows
  }

  private func check(_ rows: IndexFileRows, _ start: Start) throws(VectorFileError) {
    guard rows.dimensions == start.dimensions, rows.exactRowCount == start.count else {
      throw header.malformed(
        at: start.countOffset,
        "\(start.count) vectors of \(start.dimensions) dimensions around an index of "
          + "\(rows.exactRowCount ?? 0) of \(rows.dimensions)")
    }
  }

  private func wrongIDs(_ count: Int, _ start: Start, at offset: Int) -> VectorFileError {
    header.malformed(at: offset, "\(count) ids for \(start.count) vectors")
  }

  private func unknown(_ kind: String, at offset: Int) -> VectorFileError {
    let name = kind.unicodeScalars.map { scalar in
      (0x21...0x7E).contains(scalar.value) ? String(scalar) : "?"
    }.joined()
    if let what = Self.otherKinds[kind] {
      return header.malformed(
        at: offset, "the index '\(name)' holds \(what), not the vectors themselves",
        remedy: "Import the original vectors; Flat, IVF…,Flat and HNSW…,Flat indexes are read")
    }
    return header.malformed(
      at: offset, "the index is of the kind '\(name)', which is not read",
      remedy:
        "Flat, IVF…,Flat and HNSW…,Flat indexes are read, in an IDMap too; is this a file of faiss?"
    )
  }
}

extension FaissHeader {
  /// Passes over a graph: five lists and five numbers.
  private func skipGraph() throws(VectorFileError) {
    try header.skipList(of: 8, "the probabilities of the layers")
    try header.skipList(of: 4, "the sizes of the layers")
    try header.skipList(of: 4, "the layers")
    try header.skipList(of: 8, "the offsets of the neighbours")
    try header.skipList(of: 4, "the neighbours")
    try header.skip(20, "the graph's parameters")
  }

  /// An index of its own for the centroids, a map that is not needed, and the lists.
  private func lists(depth: Int) throws(VectorFileError) -> IndexFileRows {
    let start = try self.start()
    let offset = header.position
    let count = try header.count("the number of lists")
    try header.skip(8, "the number of probes")
    _ = try index(depth: depth + 1)
    let map = try header.integer(UInt8.self, "the direct map")
    try header.skipList(of: 8, "the direct map")
    // A hash table follows: pairs of id and place.
    if map == 2 { try header.skipList(of: 16, "the direct map") }
    return try FaissLists(header: header, start: start, count: count, countOffset: offset).rows()
  }
}
