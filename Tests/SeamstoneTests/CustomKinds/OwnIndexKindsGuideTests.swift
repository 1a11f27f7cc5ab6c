import Seamstone
import TestSupport
import Testing

/// What the guide OwnIndexKinds does with its example, as it stands there (`.ci/readme` compares the two).
@Suite struct OwnIndexKindsGuideTests {
  @Test func `The guide's index kind works`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("points.seam")
    let vectors = (0..<600).map { row in (0..<8).map { Float((row * 37 + $0 * 11) % 101) } }
    var options = StoreOptions()
    options.indexKinds = [PlainScan()]
    options.compaction.graphRows = 500  // smaller segments are scanned without an index
    let store = try Store.open(at: path, options: options)
    let points = try store.collection(
      "Point", .init(metric: .l2Squared, index: .custom("examples.PlainScan")))
    try points.upsert(
      vectors.enumerated().map { VectorObject(id: .int(Int64($0.offset)), vector: $0.element) })
    try points.compact(full: true)
    let hits = try points.search(near: vectors[7], limit: 3)
    let kinds = try points.statistics().segments.map(\.kind)
    #expect(hits[0].distance == 0 && kinds == ["examples.PlainScan"])
    store.close()
  }
}
