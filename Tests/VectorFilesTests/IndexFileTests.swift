import TestSupport
import Testing

@testable import VectorFiles

@Suite("Reading the indexes of other tools")
struct IndexFileTests {
  private typealias Fixture = IndexFixture

  /// With batches so small that runs are cut, and with large ones.
  private static let batches = [1, 7, 1_000]

  private func contents(_ name: String, _ options: VectorFileOptions = .init()) throws
    -> [Int64: [Float]]
  {
    let all = try Fixture.contents(Fixture.path(name), options: options)
    for batch in Self.batches {
      var options = options
      options.batchRows = batch
      options.batchBytes = batch == 7 ? 60 : 8 << 20
      let other = try Fixture.contents(Fixture.path(name), options: options)
      #expect(other == all, "\(name) in batches of \(batch)")
    }
    return all
  }

  @Test("Annoy's items keep their numbers; numbers that were left out stay out")
  func annoy() throws {
    for metric in Fixture.annoy {
      let dimensions = metric == .hamming ? 70 : Fixture.dimensions
      var expected: [Int64: [Float]] = [:]
      for row in 0..<Fixture.rows where row % 7 != 3 {
        let vector = Fixture.vector(row, dimensions: dimensions)
        expected[Int64(row)] = metric == .hamming ? vector.map { $0 > 0 ? 1 : 0 } : vector
      }
      #expect(try contents("\(metric.rawValue).ann", Fixture.options(metric)) == expected)
    }
  }

  @Test("hnswlib's elements keep their labels; deleted ones stay out")
  func hnswlib() throws {
    var expected: [Int64: [Float]] = [:]
    for row in 0..<Fixture.rows where row != 2 {
      expected[Int64(row * 3 + 5)] = Fixture.vector(row)
    }
    for space in ["l2", "ip"] { #expect(try contents("\(space).hnswlib") == expected) }
  }

  @Test("faiss's ids come from the map, from the lists, or from both")
  func faissIDs() throws {
    var expected: [Int64: [Float]] = [:]
    for row in 0..<Fixture.rows { expected[Fixture.id(row)] = Fixture.vector(row) }
    for name in Fixture.faissWithIDs {
      #expect(try contents("\(name).faiss") == expected, "\(name)")
    }
  }

  @Test("faiss's vectors without ids are numbered")
  func faissNumbers() throws {
    var expected: [Int64: [Float]] = [:]
    for row in 0..<Fixture.rows { expected[Int64(row)] = Fixture.vector(row) }
    for name in Fixture.faissNumbered {
      #expect(try contents("\(name).faiss") == expected, "\(name)")
    }
    #expect(
      try contents("ivf-sparse.faiss") == [70: Fixture.vector(0), 71: Fixture.vector(20)])
  }

  @Test("A reader says how many rows there are, how long they are, and whether they are in order")
  func facts() throws {
    let flat = try VectorFileReader.open(Fixture.path("idmap-flat.faiss"))
    #expect(flat.rowCount == 40 && flat.dimensions == 6 && flat.isInOrder)
    try flat.seek(toRow: 38)
    #expect(try flat.nextBatch()?.ids == [Fixture.id(38), Fixture.id(39)])
    #expect(flat.progress.bytes == flat.progress.total)
    let lists = try VectorFileReader.open(Fixture.path("ivf.faiss"))
    #expect(lists.rowCount == 40 && !lists.isInOrder)
    let labels = try VectorFileReader.open(Fixture.path("l2.hnswlib"))
    #expect(labels.rowCount == nil && labels.isInOrder)
  }

  @Test("Every type of a safetensors array is read")
  func safetensors() throws {
    for (name, scale, offset) in [
      ("data", 1, 0), ("half", 1, 0), ("double", 1, 0), ("brain", 1, 0), ("signed", 8, 0),
      ("unsigned", 8, 32), ("whole", 8, 0),
    ] as [(String, Float, Float)] {
      var options = VectorFileOptions()
      options.tensor = name
      let read = try contents("arrays.safetensors", options)
      for row in 0..<Fixture.rows {
        let expected = Fixture.vector(row).map { $0 * scale + offset }
        #expect(read[Int64(row)] == expected, "\(name), row \(row)")
      }
      #expect(read.count == Fixture.rows)
    }
    var options = VectorFileOptions()
    options.tensor = "one"
    #expect(try contents("arrays.safetensors", options) == [0: Fixture.vector(7)])
    options.tensor = "empty"
    #expect(try contents("arrays.safetensors", options).isEmpty)
  }

  @Test("What holds no vectors is refused by name")
  func refused() {
    for (name, word) in [
      ("sq8", "scalar codes"), ("ivf-pq", "product codes in lists"), ("pca", "transformed"),
      ("refine", "refinement"), ("idmap-sq8", "scalar codes"), ("bits", "packed bits"),
    ] {
      let error = Reading(Fixture.path("refused-\(name).faiss")).error
      #expect(error?.reason.contains(word) == true, "\(name): \(String(describing: error))")
      #expect(error?.kind == .data && error?.offset != nil && error?.remedy != nil)
    }
    let codes = Reading(Fixture.path("refused-codes.safetensors")).error
    #expect(codes?.reason.contains("nf4") == true)
    for (tensor, word) in [("long", "I64"), ("cube", "rows and columns"), ("none", "brain, cube")] {
      var options = VectorFileOptions()
      options.tensor = tensor
      let error = Reading(Fixture.path("arrays.safetensors"), options: options).error
      #expect(error?.description.contains(word) == true, "\(String(describing: error))")
    }
  }

  @Test("What an Annoy file does not say must be said, and what is said must fit")
  func annoyFlags() {
    let path = Fixture.path("angular.ann")
    #expect(Reading(path).error?.reason.contains("does not say its metric") == true)
    var options = VectorFileOptions()
    options.annoyMetric = .angular
    #expect(Reading(path, options: options).error?.reason.contains("dimensions") == true)
    options.expectedDimensions = 6
    options.annoyMetric = .euclidean
    let other = Reading(path, options: options).error
    #expect(other?.remedy == "Is the metric right? The length fits angular, hamming")
    #expect(other?.offset == 2_720)
    // 19 times 144 bytes is the length, too, but the last of these is no root.
    options.annoyMetric = .angular
    options.expectedDimensions = 33
    #expect(Reading(path, options: options).error?.remedy?.contains("dimensions") == true)
  }

  @Test("Other dimensions than expected are refused at once")
  func dimensions() {
    for name in ["l2.hnswlib", "ivf.faiss", "arrays.safetensors"] {
      let error = Reading(Fixture.path(name), options: .init(expectedDimensions: 5)).error
      #expect(error?.reason.contains("6 dimensions, but 5") == true, "\(name)")
    }
  }
}
