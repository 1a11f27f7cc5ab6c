import Seamstone
import TestSupport
import Testing
import VectorFiles

@Suite struct BitsTests {
  private let rows = VectorFixture(count: 60, dimensions: 4)

  private var bytes: [[UInt8]] { rows.rows.map { $0.map { UInt8($0) } } }

  /// The numbers of the nearest rows by bits that differ.
  private func nearest(_ query: [UInt8], _ k: Int) -> [Int] {
    let distances = bytes.map { row in
      zip(row, query).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    }
    return Array(bytes.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(k))
  }

  @Test(arguments: ["bvecs", "npy", "jsonl"])
  func `bits are imported, searched, exported and judged`(format: String) throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    let base = tool.path("base.\(format)")
    if format == "jsonl" {
      let lines = bytes.enumerated().map { #"{"id":\#($0),"vector":\#($1)}"# }
      _ = try tool.write("base.jsonl", lines.joined(separator: "\n"))
    } else {
      let writer = try VectorFileWriter(path: base, dimensions: 4, holdsBytes: true)
      for row in bytes { try writer.append(bytes: row) }
      try writer.finish()
    }
    let made = try tool.run("init", store, "A", "--element", "bits", "--dimensions", "32")
    #expect(made.status == 0 && made.errors.contains("32 bits, hamming"), "\(made.errors)")
    let imported = try tool.run("import", store, "A", base, "--json")
    #expect(imported.status == 0, "\(imported.errors)")
    #expect(try imported.json()["imported"] == 60)

    let query = bytes[7].map(String.init).joined(separator: ",")
    let found = try tool.run("search", store, "A", "--vector", query, "--k", "3", "--json")
    #expect(found.status == 0, "\(found.errors)")
    let truth = nearest(bytes[7], 3)
    #expect(try found.json()["results"][0][0]["id"] == 7)
    #expect(try found.json()["results"][0][2]["id"] == .int(Int64(truth[2])))

    let bounded = try tool.run(
      "search", store, "A", "--vector", query, "--distance", "11", "--json")
    let within = bytes.filter { row in
      zip(row, bytes[7]).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount } <= 11
    }
    #expect(bounded.status == 0, "\(bounded.errors)")
    #expect(within.count > 1 && within.count < 60)
    #expect(try bounded.json()["results"][0].elements.count == within.count)

    let queries = tool.path("queries.npy")
    let writer = try VectorFileWriter(path: queries, dimensions: 4, holdsBytes: true)
    for row in bytes.prefix(5) { try writer.append(bytes: row) }
    try writer.finish()
    let neighbours = try VectorFileWriter(path: tool.path("truth.ivecs"), dimensions: 3)
    for row in bytes.prefix(5) {
      try neighbours.append(integers: nearest(row, 3).map { Int32($0) })
    }
    try neighbours.finish()
    let bench = try tool.run(
      "bench", store, "A", "--queries", queries, "--truth", tool.path("truth.ivecs"), "--k", "3",
      "--ef", "60", "--seconds", "0.01", "--json")
    #expect(bench.status == 0, "\(bench.errors)")
    #expect(try bench.json()["points"][0]["recall"].number == 1)
    let recall = try tool.run("recall", store, "A", "--sample", "20", "--json")
    #expect(try recall.json()["recall"].number == 1)

    let copy = tool.path("copy.\(format)")
    #expect(try tool.run("export", store, "A", "--output", copy).status == 0)
    _ = try tool.run("init", store, "B", "--element", "bits")
    let again = try tool.run("import", store, "B", copy)
    #expect(again.status == 0, "\(again.errors)")
    let got = try tool.run("get", store, "B", "7", "--json")
    #expect(
      try got.json()["objects"][0]["vector"] == .array(bytes[7].map { .int(Int64($0)) }))
  }

  @Test func `what is no row of bytes is refused`() throws {
    let tool = try Tool()
    let store = tool.path("a.seam")
    _ = try tool.run("init", store, "A", "--element", "bits", "--dimensions", "32")
    let floats = try rows.write(tool.path("base.fvecs"))
    let outcome = try tool.run("import", store, "A", floats)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("packed bits are rows of bytes"))
    let wrong = try tool.run("search", store, "A", "--vector", "1,2,3,256")
    #expect(wrong.status == 64 && wrong.errors.contains("0 to 255"), "\(wrong.errors)")
    let certain = try tool.run("search", store, "A", "--vector", "1,2,3,4", "--certainty", "0.5")
    #expect(certain.status == 65 && certain.errors.contains("hamming"), "\(certain.errors)")
    let odd = try tool.run("init", store, "B", "--element", "bits", "--dimensions", "33")
    #expect(odd.status == 78 && odd.errors.contains("multiple of 8"), "\(odd.errors)")
    let metric = try tool.run("init", store, "B", "--element", "bits", "--metric", "cosine")
    #expect(metric.status == 78 && metric.errors.contains("hamming"), "\(metric.errors)")
  }
}
