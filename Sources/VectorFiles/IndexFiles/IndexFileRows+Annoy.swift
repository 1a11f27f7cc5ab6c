extension IndexFileRows {
  /// An Annoy index: its nodes, all of one length, and nothing else. The items come first, in the
  /// order of their numbers; the last node is a root, whose descendants are all items
  /// (annoylib.h, `load`).
  init(annoy header: HeaderReader, options: VectorFileOptions) throws(VectorFileError) {
    let path = header.file.path
    guard let metric = options.annoyMetric else {
      throw VectorFileError(
        file: path, reason: "an Annoy file does not say its metric",
        remedy: "Name it: "
          + AnnoyMetric.allCases.map(\.rawValue).joined(separator: ", "))
    }
    guard let dimensions = options.expectedDimensions else {
      throw VectorFileError(
        file: path, reason: "an Annoy file does not say the dimensions of its vectors",
        remedy: "Name them")
    }
    try header.checkDimensions(dimensions, at: 0)
    let stride = metric.prefixLength + metric.vectorLength(dimensions)
    let length = header.length
    guard length > 0, length % stride == 0 else {
      let fitting = AnnoyMetric.allCases.filter {
        length > 0 && length % ($0.prefixLength + $0.vectorLength(dimensions)) == 0
      }
      let names = fitting.map(\.rawValue).joined(separator: ", ")
      throw header.malformed(
        at: length / stride * stride,
        "nodes of \(metric.rawValue) vectors of \(dimensions) dimensions take \(stride) bytes, which "
          + "\(length) bytes are not a multiple of",
        remedy: fitting.isEmpty
          ? "Are the dimensions right, and is the file whole?"
          : "Is the metric right? The length fits \(names)")
    }
    try header.skip(length - stride, "the nodes")
    let items = Int(try header.integer(Int32.self, "the last root"))
    guard items > 0, items <= length / stride else {
      throw header.malformed(
        at: length - stride,
        "the last root has \(items) items below it, but there are \(length / stride) nodes",
        remedy: "Are metric and dimensions right, and is the file whole?")
    }
    try Self.checkTrees(header, items: items, stride: stride)
    self.init(
      dimensions: dimensions, stride: stride, vectorOffset: metric.prefixLength,
      runs: [Run(offset: 0, count: items)], ids: .numbers, presence: .counted)
    if metric == .hamming { components = .bits }
    self.metric = IndexMetric(metric)
  }

  /// What shows that a file was cut off: what then seems to be the last root is an item, or a node with a few of them below it, and
  /// after so many items comes another one, where the trees should begin.
  private static func checkTrees(
    _ header: HeaderReader, items: Int, stride: Int
  ) throws(VectorFileError) {
    let nodes = header.length / stride
    guard items < nodes else {
      throw header.malformed(
        at: header.length, "there are \(items) items and no tree",
        remedy: "The file is truncated, or was saved before it was built")
    }
    let isWhole: Bool
    if items == 1 {
      // Trees of a single item are its roots, which stand there twice, like all roots.
      try header.move(to: (nodes - 1) / 2 * stride, "a root")
      let root = try header.bytes(stride, "a root")
      try header.move(to: header.length - stride, "the last root")
      let last = try header.bytes(stride, "the last root")
      isWhole = nodes % 2 == 1 && last == root
    } else {
      try header.move(to: items * stride, "the items")
      isWhole = try header.integer(Int32.self, "the first node of the trees") > 1
    }
    guard isWhole else {
      throw header.malformed(
        at: items * stride,
        "the trees should begin here, after \(items) items, but there is another item",
        remedy: "The file is truncated: copy it again, or write it anew")
    }
  }
}
