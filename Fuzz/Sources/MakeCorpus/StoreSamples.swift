import SegmentFiles
import StorageIO
import TestSupport
import VectorFiles

@testable import ObjectStorage
@testable import Seamstone

/// Records, filters, operations and files to import, in the forms that FuzzStore reads.
enum StoreSamples {
  /// One or more of each record, after the byte that chooses it.
  static func records() throws(StoreError) -> [(String, [UInt8])] {
    let manifest = self.manifest()
    var indexes = PropertyIndexRecord()
    for path: PropertyPath in ["section", "author.name", "a b"] { indexes.add(path) }
    let properties: [String: PropertyValue] = [
      "title": "Of seams", "year": 2024, "score": 0.5, "tags": ["a", "b", .null], "isNew": true,
      "nested": ["deep": ["deeper": -1]],
      "text": .string(String(repeating: "so that it is compressed ", count: 8)),
    ]
    var samples: [(String, [UInt8])] = []
    func add(_ name: String, _ number: UInt8, _ bytes: [UInt8]) {
      samples.append((name, [number] + bytes))
    }
    add("manifest", 0, manifest.encoded())
    add("manifest-empty", 0, Manifest().encoded())
    add("counters", 2, CollectionCounters().encoded())
    add("property-indexes", 3, indexes.encoded())
    add("properties", 5, try PropertyCodec.encode(properties))
    add("store", 6, [1, 0, 5, 0, 0, 0])
    let configurations: [(String, CollectionConfiguration)] = [
      ("hnsw", .init(dimensions: 384, metric: .cosine)),
      ("flat", .init(metric: .hamming, index: .flat, encoding: .float32)),
      ("pq", .init(dimensions: 96, metric: .dot, encoding: .pq(subvectors: 12, centroids: 16))),
      ("bits", .init(dimensions: 256, index: .hash(bits: 8), elementType: .bits)),
    ]
    for (name, configuration) in configurations {
      let definition = CollectionDefinition(name: name, configuration: configuration)
      add("definition-\(name)", 1, try definition.encoded())
    }
    for id: ObjectID in [.int(-7), .string("a text"), .uuid(high: 1, low: 2)] {
      let object = StoredObject(id: id, properties: properties, flags: 1)
      add("object-\(samples.count)", 4, try ObjectTable.encode(object))
    }
    add("object-plain", 4, try ObjectTable.encode(StoredObject(id: 3, properties: ["a": 1])))
    return samples
  }

  private static func manifest() -> Manifest {
    var manifest = Manifest()
    for number: UInt64 in 0..<3 {
      manifest.entries.append(
        ManifestEntry(
          number: number, identifier: .init(low: 1, high: number), length: 4_096,
          firstDocID: number * 100 + 1, lastDocID: number * 100 + 100, rowCount: 90))
    }
    manifest.watermark = 300
    return manifest
  }

  /// Filters as JSON.
  static func filters() -> [(String, [UInt8])] {
    let section = Field("section")
    let filters: [Filter] = [
      section == "science", section == "science" && (Field("year") >= 2020 || !section.isNull),
      .in("tags", ["a", 1, 2.5, true, .null]), .containsAll("tags", ["a", "b"]),
      .contains("author.name", "da"), .like("title", "*of?"), .and([]), .or([.not(.isNull("x"))]),
      .compare("list", .notEqual, ["a", ["b": 1]]),
    ]
    var samples = filters.enumerated().map { ("filter-\($0)", Array($1.whereJSON.utf8)) }
    let dated =
      #"{"path": "date", "operator": "LessThan", "valueDate": "2024-02-29T12:00:00.5+01:00"}"#
    samples.append(("date", Array(dated.utf8)))
    return samples
  }

  /// Some runs of operations, each of every kind in another order.
  static func operations() -> [(String, [UInt8])] {
    (0..<7).map { number in
      var random = SeededGenerator(seed: UInt64(number))
      // The kinds that write come first, so that the others find something.
      let kinds = Array(0..<5) + (0..<21).shuffled(using: &random)
      let pairs = kinds.flatMap { [UInt8($0), UInt8.random(in: 0...255, using: &random)] }
      return ("run-\(number)", [UInt8(number)] + pairs)
    }
  }

  /// The files of the tests that are small enough, and one of each of our own formats.
  static func imports(fixtures: String) throws(StoreError) -> [(String, [UInt8])] {
    let dimension: [UInt8] = [2, 0, 0, 0]
    let header = "{'descr': '<f2', 'fortran_order': False, 'shape': (2, 2), }"
    var samples: [(String, [UInt8])] = []
    func add(_ name: String, _ number: UInt8, _ parts: [UInt8]...) {
      samples.append((name, [number, 0] + parts.flatMap { $0 }))
    }
    add("fvecs", 0, dimension, [0, 0, 128, 63, 0, 0, 0, 0])
    add("bvecs", 1, dimension, [1, 2], dimension, [3, 4])
    add("bvecs-bytes", 0x81, dimension, [1, 2], dimension, [3, 4])
    add("ivecs", 2, dimension, [1, 0, 0, 0, 2, 0, 0, 0])
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    let length = UInt8(header.utf8.count)
    add("npy", 3, magic, [1, 0, length, 0], Array(header.utf8), [0, 60, 0, 64, 0, 66, 0, 68])
    let line = "{\"id\": 7, \"vector\": [0.5, -1e2], \"a\": {\"b\": [null]}}\n"
    add("jsonl", 4, Array(line.utf8))
    add("jsonl-bytes", 0x84, Array("{\"id\": 7, \"vector\": [0, 255]}\n".utf8))
    let files = PosixFileSystem()
    for name in try files.list(fixtures) {
      guard let format = VectorFileFormat(path: name),
        [.safetensors, .hnswlib, .faiss, .annoy].contains(format)
      else { continue }
      let file = try files.openFile("\(fixtures)/\(name)")
      let bytes = try file.readBytes(file.length, at: 0)
      file.close()
      samples.append((name, [number(format, name), expected(name)] + bytes))
    }
    return samples
  }

  /// The dimensions that must be said of Annoy's files.
  private static func expected(_ name: String) -> UInt8 {
    guard name.hasSuffix(".ann") else { return 0 }
    return name.hasPrefix("hamming") ? 70 : 6
  }

  /// The byte that chooses a format: its place in the list of the fuzzer.
  private static func number(_ format: VectorFileFormat, _ name: String) -> UInt8 {
    switch format {
    case .safetensors: 6
    case .hnswlib: 7
    case .faiss: 8
    default: 9 + UInt8(AnnoyMetric.allCases.firstIndex { name.hasPrefix($0.rawValue) } ?? 0)
    }
  }
}
