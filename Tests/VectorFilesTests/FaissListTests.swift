import TestSupport
import Testing

@testable import VectorFiles

@Suite("Inverted lists and id maps, larger than the fixtures'")
struct FaissListTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private static let lists = 20_000
  /// Lists that have one vector each, on both sides of where the reader pauses.
  private static let full = [0, 4_095, 4_096, 8_191, 8_192, 16_384, 19_999]

  /// An IVF index of vectors with one component: list n has the vector n / 2, whose id is 7 n.
  private func index(sparse: Bool) -> (bytes: [UInt8], lengths: Int) {
    func start(_ kind: String, _ count: Int) -> [UInt8] {
      Array(kind.utf8) + FileBytes.little(Int32(1)) + FileBytes.little(Int64(count))
        + [UInt8](repeating: 0, count: 17) + FileBytes.little(Int32(1))
    }
    func word(_ number: Int) -> [UInt8] { FileBytes.little(Int64(number)) }
    var bytes = start("IwFl", Self.full.count) + word(Self.lists) + word(1)
    bytes += start("IxF2", 0) + word(0) + [0] + word(0)
    bytes +=
      Array("ilar".utf8) + word(Self.lists) + word(4) + Array((sparse ? "sprs" : "full").utf8)
    bytes += word(sparse ? Self.full.count * 2 : Self.lists)
    let lengths = bytes.count
    if sparse {
      for list in Self.full { bytes += word(list) + word(1) }
    } else {
      var words = [UInt8](repeating: 0, count: Self.lists * 8)
      for list in Self.full { words[list * 8] = 1 }
      bytes += words
    }
    for list in Self.full {
      bytes += FileBytes.little((Float(list) / 2).bitPattern) + word(list * 7)
    }
    return (bytes, lengths)
  }

  @Test("Lists are found wherever their lengths stand", arguments: [false, true])
  func lengths(sparse: Bool) throws {
    let path = folder.file("a.faiss", index(sparse: sparse).bytes)
    let expected = Self.full.map { (Int64($0 * 7), [Float($0) / 2]) }
    #expect(
      try IndexFixture.contents(path, options: .init())
        == Dictionary(uniqueKeysWithValues: expected))
  }

  @Test("A length that cannot be is named with its byte, wherever it stands")
  func badLength() {
    let (bytes, lengths) = index(sparse: false)
    for (list, length) in [(5, -1), (8_192, -1), (12_345, 1 << 40)] {
      var bad = bytes
      let place = lengths + list * 8
      bad.replaceSubrange(place..<place + 8, with: FileBytes.little(Int64(length)))
      let error = Reading(folder.file("a.faiss", bad)).error
      #expect(error?.reason.contains("a list of \(length) vectors") == true, "\(list)")
      if length < 0 { #expect(error?.offset == place) }
    }
  }

  @Test("Lists out of order are refused")
  func order() {
    var (bytes, lengths) = index(sparse: true)
    bytes.replaceSubrange(lengths + 32..<lengths + 40, with: FileBytes.little(Int64(4_095)))
    let error = Reading(folder.file("a.faiss", bytes)).error
    #expect(error?.offset == lengths + 32, "\(String(describing: error))")
  }

  @Test("A table of ids answers from few pages as from all")
  func table() throws {
    let ids = (0..<1_000).map { Int64($0 * 31 % 1_009) - 500 }
    let path = folder.file("ids", [1, 2, 3] + ids.flatMap { FileBytes.little($0) })
    let table = IDTable(
      file: try InputFile(path: path), offset: 3, count: 999, pageEntries: 7, pageCount: 3)
    var random = SeededGenerator(seed: 5)
    for _ in 0..<3_000 {
      let position = Int.random(in: 0..<999, using: &random)
      #expect(try table.id(at: Int64(position)) == ids[position])
    }
    for position in [-1, 999, Int64.max, .min] { #expect(try table.id(at: position) == nil) }
  }
}
