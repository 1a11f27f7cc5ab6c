import ObjectStorage
import VectorMath

/// The objects `pq`, `sq`, `bq` and `rq` under `hnsw`: how vectors are compressed. At most one is enabled.
struct WeaviateCompression: Hashable, Sendable {
  var pq = WeaviatePQ()
  var sq = WeaviateSQ()
  var bq = WeaviateBQ()
  var rq = WeaviateRQ()

  /// The names of the objects.
  static let keys = ["pq", "sq", "bq", "rq"]

  init() {}

  init(_ reader: SettingsReader) {
    pq = WeaviatePQ(reader.reader("pq", known: WeaviatePQ.keys))
    sq = WeaviateSQ(reader.reader("sq", known: WeaviateSQ.keys))
    bq = WeaviateBQ(reader.reader("bq", known: WeaviateBQ.keys))
    rq = WeaviateRQ(reader.reader("rq", known: WeaviateRQ.keys))
    if [pq.enabled, sq.enabled, bq.enabled, rq.enabled].filter(\.self).count > 1 {
      reader.problems.add("more than a single compression methods enabled")
    }
  }

  var members: [String: PropertyValue] {
    [
      "pq": .object(pq.members), "sq": .object(sq.members), "bq": .object(bq.members),
      "rq": .object(rq.members),
    ]
  }

  /// The places of values that nobody named and that follow from others.
  var derived: [[String]] { rq.namedRescoreLimit == nil ? [["rq", "rescoreLimit"]] : [] }

  /// The encoding asked for; nil where nothing is enabled.
  var encoding: VectorEncoding? {
    if pq.enabled { return pq.encoding }
    if sq.enabled { return .int8(trainingLimit: sq.trainingLimit, rescoreLimit: sq.rescoreLimit) }
    if bq.enabled { return .binary() }
    if rq.enabled { return .rabitq(bits: rq.bits, rescoreLimit: rq.rescoreLimit) }
    return nil
  }

  /// Follows an encoding that was set without a class; what has no name here is like none.
  mutating func adopt(_ encoding: VectorEncoding) {
    guard encoding != self.encoding else { return }
    pq.enabled = false
    sq.enabled = false
    bq.enabled = false
    rq.enabled = false
    switch encoding {
    case .int8(let scalar) where scalar != ScalarConfiguration():
      sq = WeaviateSQ(
        enabled: true, trainingLimit: scalar.trainingLimit, rescoreLimit: scalar.rescoreLimit)
    case .pq(let product): pq.adopt(product)
    case .binary: bq.enabled = true
    case .rabitq(let rotated):
      rq = WeaviateRQ(
        enabled: true, bits: rotated.bits, rescoreLimit: rotated.effectiveRescoreLimit)
    default: break
    }
  }

  /// The bits of a code cannot change while `rq` stays enabled.
  func check(changedFrom old: WeaviateCompression, _ problems: SettingsProblems) {
    if rq.enabled, old.rq.enabled { problems.requireSame("rq bits", old.rq.bits, rq.bits) }
  }

  /// What was said and has no effect.
  var notes: [String] {
    var notes: [String] = []
    if pq.bitCompression {
      notes.append(
        "pq.bitCompression has no effect: a code is one byte whatever the number of centroids")
    }
    if bq.rescoreLimit != nil {
      notes.append("bq.rescoreLimit has no effect in a graph: all candidates are rescored")
    }
    return notes
  }
}
