import TestSupport
import Testing

@testable import VectorFiles

@Suite("Damaged indexes of other tools")
struct IndexFileDamageTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// What a file gives: rows, or an error with its place.
  private func read(_ name: String, _ bytes: [UInt8], _ options: VectorFileOptions) -> Reading {
    let path = folder.file(name, bytes)
    var reading = Reading(path, options: options)
    // Rows come out before the error; there are never more than the file has room for.
    #expect(reading.vectors.count * 6 <= bytes.count, "\(name)")
    if let error = reading.error {
      #expect(error.kind == .data, "\(name): \(error)")
    }
    reading.records = []
    return reading
  }

  @Test("A file cut short anywhere is refused, or gives what is whole")
  func truncated() {
    for (name, options) in IndexFixture.readable {
      let whole = TemporaryDirectory.contents(IndexFixture.path(name))
      #expect(whole.count > 400, "\(name)")
      for length in stride(from: 0, to: whole.count, by: whole.count < 1_600 ? 23 : 67) {
        let reading = read(name, Array(whole.prefix(length)), options)
        // Annoy's nodes end anywhere; hnswlib's links on higher layers are not needed.
        if reading.error == nil, !name.hasSuffix(".ann"), !name.hasSuffix(".hnswlib"),
          name != "arrays.safetensors"
        {
          Issue.record("\(name) cut to \(length) bytes of \(whole.count) was read")
        }
        if let error = reading.error, error.offset == nil, error.row == nil {
          Issue.record("\(name) cut to \(length): no place in \(error)")
        }
      }
    }
  }

  /// Nodes are of one length and say nothing of their number: a file that was cut between two of them looks whole.
  @Test(
    "An Annoy file that was cut between nodes gives all items or none",
    arguments: AnnoyMetric.allCases)
  func cutBetweenNodes(metric: AnnoyMetric) {
    let options = IndexFixture.options(metric)
    let name = "\(metric.rawValue).ann"
    let whole = TemporaryDirectory.contents(IndexFixture.path(name))
    let items = read(name, whole, options).vectors.count
    #expect(items > 20)
    let stride = metric.prefixLength + metric.vectorLength(metric == .hamming ? 70 : 6)
    var refused = 0
    for nodes in 1..<whole.count / stride {
      let reading = read(name, Array(whole.prefix(nodes * stride)), options)
      if reading.error == nil {
        #expect(reading.vectors.count == items, "\(nodes) nodes")
      } else {
        refused += 1
      }
    }
    #expect(refused >= items)
  }

  @Test(
    "No changed byte of a header makes a reader trap, run away or leave the file",
    arguments: [
      "angular.ann", "l2.hnswlib", "arrays.safetensors", "idmap-flat.faiss", "ivf-table.faiss",
      "idmap-hnsw.faiss",
    ])
  func changed(name: String) {
    let options = name == "angular.ann" ? IndexFixture.options(.angular) : .init()
    let whole = TemporaryDirectory.contents(IndexFixture.path(name))
    // The fuzzer tries more; here each byte takes one of four values.
    for offset in 0..<min(whole.count, 200) {
      var bytes = whole
      bytes[offset] = [0, 1, 0x7F, 0xFF][(offset + offset / 8) % 4]
      _ = read(name, bytes, options)
    }
  }

  @Test("Sizes that overflow are refused with their byte")
  func overflow() {
    let huge = FileBytes.little(UInt64.max / 4)
    for (name, offset) in [
      ("l2.hnswlib", 16), ("l2.hnswlib", 24), ("l2.hnswlib", 32), ("l2.hnswlib", 40),
      ("l2.hnswlib", 64), ("flat-l2.faiss", 8), ("flat-l2.faiss", 37), ("ivf.faiss", 37),
      ("idmap-flat.faiss", 8), ("arrays.safetensors", 0),
    ] {
      var bytes = TemporaryDirectory.contents(IndexFixture.path(name))
      bytes.replaceSubrange(offset..<offset + 8, with: huge)
      let reading = read(name, bytes, .init())
      #expect(reading.error?.offset != nil, "\(name) at \(offset): \(reading.vectors.count) rows")
      #expect(reading.error?.remedy != nil)
    }
  }

  @Test("A component that is not finite is named with its byte; rows before it are kept")
  func notFinite() {
    let nan = FileBytes.little(Float.nan.bitPattern)
    // Row 3 in the order of the file; where its second component is.
    for (name, offset) in [
      ("flat-l2.faiss", 45 + 3 * 24 + 4), ("l2.hnswlib", 96 + 3 * 100 + 68 + 4),
      ("idmap-flat.faiss", 82 + 3 * 24 + 4),
    ] {
      var bytes = TemporaryDirectory.contents(IndexFixture.path(name))
      bytes.replaceSubrange(offset..<offset + 4, with: nan)
      let reading = read(name, bytes, .init())
      #expect(reading.error?.offset == offset, "\(name): \(String(describing: reading.error))")
      #expect(reading.error?.column == 1)
      #expect(reading.vectors.count == (name == "l2.hnswlib" ? 2 : 3))
    }
  }

  @Test("Lists that do not add up, ids outside the map and maps in maps are refused")
  func contradictions() {
    let lists = TemporaryDirectory.contents(IndexFixture.path("idmap-ivf.faiss"))
    // The last eight bytes are the last id of the map; the id before the map's length is a position.
    var bytes = lists
    let lastPosition = lists.count - 40 * 8 - 8 - 8
    bytes.replaceSubrange(lastPosition..<lastPosition + 8, with: FileBytes.little(Int64(40)))
    let outside = read("a.faiss", bytes, .init()).error
    #expect(outside?.reason == "position 40 in an id map of 40")
    #expect(outside?.offset == lastPosition)
    let map = TemporaryDirectory.contents(IndexFixture.path("idmap-flat.faiss"))
    let outer = Array(map[0..<37])
    let nested = outer + map + FileBytes.little(UInt64(40)) + [UInt8](repeating: 0, count: 320)
    #expect(
      read("b.faiss", nested, .init()).error?.reason.contains("around an id map") == true)
    let deep = (0..<20).flatMap { _ in outer } + map
    #expect(read("c.faiss", deep, .init()).error?.reason.contains("nested") == true)
  }

  @Test("A header of safetensors that would take too much memory is refused before it is read")
  func longHeader() {
    var bytes = [UInt8](repeating: 0x20, count: 17 << 20)
    bytes.replaceSubrange(0..<8, with: FileBytes.little(UInt64(bytes.count - 8)))
    let error = read("a.safetensors", bytes, .init()).error
    #expect(error?.reason.contains("at most 16777216 are read") == true && error?.offset == 0)
  }
}
