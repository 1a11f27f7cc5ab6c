import ObjectStorage
import Seamstone
import StorageIO
import TestSupport
import Testing
import VectorMath

@Suite("faiss component strings")
struct FaissComponentsTests {
  static let canonical = [
    "Flat", "IDMap,Flat", "IDMap2,Flat", "IDMap,SQ8", "IDMap,SQ6", "IDMap,SQ4", "IDMap,SQfp16",
    "IDMap,SQbf16", "IDMap,PQ8", "IDMap,PQ60np", "IDMap,PQ16x4", "IDMap,PQ16x5", "IDMap,PQ16x12np",
    "IDMap,PQ16x4fs", "IDMap,PQ16x4fs_64", "IDMap,LSH", "LSH64r", "LSHrt", "LSHt", "IVF256,Flat",
    "IVF,Flat", "IVF100,SQ8", "IVF,PQ16", "IVF64,PQ16x4fs", "IVF64,PQ16x4fsr", "IVF64,PQ16x4fsr_32",
    "IVF8_HNSW32,Flat", "IDMap,IVF,Flat", "HNSW32", "IDMap,HNSW32", "IDMap,HNSW16,SQ8",
    "IDMap,HNSW32,PQ8", "PCA16,IDMap,SQ8", "OPQ8,IDMap,PQ8", "OPQ8_32,IVF128,PQ8",
    "PCA64,OPQ16,IVF64,PQ16", "IDMap,PQ8,RFlat", "IDMap2,PQ8,Refine(SQ8)", "IVF64,PQ16x4fs,RFlat",
    "PQ8,Refine(PQ16x4)", "BFlat", "BIVF16", "BIVF16_HNSW16", "BHNSW16", "BHash8", "BHash4x8",
    "IDMap,BHash4x8",
  ]

  @Test("a canonical string reads back as itself", arguments: canonical)
  func roundTrip(_ text: String) throws {
    #expect(try FaissComponents(text).description == text)
  }

  @Test(
    "another spelling prints the canonical one",
    arguments: [
      ("Flat,IDMap", "IDMap,Flat"), (" IVF256 , Flat ", "IVF256,Flat"),
      ("IVF1k,Flat", "IVF1024,Flat"),
      ("IVF1M,SQ8", "IVF1048576,SQ8"), ("HNSW", "HNSW32"), ("HNSW32_SQ8", "HNSW32,SQ8"),
      ("HNSW32,Flat", "HNSW32"), ("PQ8,RFlat,IDMap", "IDMap,PQ8,RFlat"),
      ("PQ8,Refine(Flat)", "PQ8,RFlat"), ("PQ16x8", "PQ16"), ("IDMap,PCA16,SQ8", "PCA16,IDMap,SQ8"),
      ("HNSW32,IDMap", "IDMap,HNSW32"), ("BHash1x8", "BHash8"),
      ("IVF8_HNSW,Flat", "IVF8_HNSW32,Flat"),
      ("PQ8,Refine( SQ8 )", "PQ8,Refine(SQ8)"), ("BHNSW", "BHNSW32"), ("BIVF2k", "BIVF2048"),
    ])
  func spelling(_ text: String, _ canonical: String) throws {
    let components = try FaissComponents(text)
    #expect(components.description == canonical)
    #expect(try FaissComponents(canonical) == components)
  }

  @Test("a string is taken apart into transforms, kind, code and refinement")
  func parts() throws {
    let components = try FaissComponents("OPQ16_64,IDMap,IVF1024_HNSW8,PQ16x4fsr,RFlat")
    #expect(components.transforms == [.opq(subvectors: 16, dimensions: 64)])
    #expect(components.idMap == .oneWay)
    #expect(components.kind == .ivf(cells: 1024, links: 8))
    #expect(
      components.code
        == .product(.init(subvectors: 16, bits: 4, isFastScan: true, isResidual: true)))
    #expect(components.refinement == .flat)
    #expect(try FaissComponents("BHash4x8").kind == .binaryHash(bits: 8, tables: 4))
  }

  static let refused: [(String, String)] = [
    ("", "the string is empty"), (",", "nothing between two commas"),
    ("IVF256,,Flat", "nothing between"),
    ("IVF", "a code must follow"), ("IVF256", "a code must follow"), ("IDMap", "no index is named"),
    ("IDMap,IDMap,Flat", "no index is named|IDMap is given twice|stands first"),
    ("IDMap,Flat,IDMap", "IDMap is given twice"), ("PCA16", "no index is named"),
    ("ivf256,Flat", "Did you mean \"IVF\"?"), ("flat", "Did you mean \"Flat\"?"),
    ("SQ9", "Did you mean \"SQ8\"?"), ("SQ8x", "Did you mean \"SQ8\"?"),
    ("IVF0,Flat", "must be 1 or more"),
    ("IVF_HNSW32,Flat", "the number of cells is missing"),
    ("BIVF", "the number of cells is missing"),
    ("BIVF16,Flat", "cannot be combined"), ("IVF256,Flat,SQ8", "cannot be combined"),
    ("Flat,PCA16", "is done to vectors first"), ("IVF64,OPQ8", "is done to vectors first"),
    ("PQ8,RFlat,SQ8", "RFlat stands last"), ("IVF64,IDMap,Flat", "IDMap stands first, last"),
    ("PCA16,BFlat", "it computes with numbers"), ("BFlat,RFlat", "cannot be refined"),
    ("HNSW32,PQ16x4fs", "compares blocks; write PQ16x4"), ("IVF64,LSH", "LSH cannot be combined"),
    ("PQ16x4fsr", "residuals (r) need cells"), ("PQ16x8fs", "fs is a layout for 4 bits"),
    ("PQ16x25", "1 to 24 bits"), ("PQ", "the number of subvectors is missing"),
    ("PQ0", "1 or more"),
    ("PQ8+32", "l2-squared only"), ("PQ8foo", "\"foo\" does not belong there"),
    ("OPQ3_32,PQ3", "do not divide"), ("PCAR16,Flat", "write PCAd"), ("PCAW16,Flat", "write PCAd"),
    ("NSG32", "not supported"), ("IMI2x8,Flat", "not supported"), ("L2norm,Flat", "not supported"),
    ("IVF64,RaBitQ", "not supported"), ("SQ8_direct", "whole numbers"),
    ("PQ8,Refine", "in parentheses"),
    ("PQ8,Refine(HNSW32)", "is not a code"), ("PQ8,Refine(LSH)", "cannot refine"),
    ("IVF64(Flat)", "does not belong"), ("Foo(Flat)", "only Refine"),
    ("IVF64,(Flat", "is not closed"),
    ("Flat)", "was not opened"), ("IVF99999999999,Flat", "larger than"),
    ("IVF1000000M,Flat", "more than"),
    ("BHash", "the number of bits is missing"), ("BHash4x", "the number of bits is missing"),
    ("Index256", "Known names: "),
  ]

  @Test("a string that is wrong is refused with the reason", arguments: refused)
  func refusals(_ text: String, _ reasons: String) {
    let error = #expect(throws: StoreError.self) { try FaissComponents(text) }
    #expect(error?.code == .invalidConfiguration)
    let message = error?.message ?? ""
    #expect(reasons.split(separator: "|").contains { message.contains($0) }, "\(message)")
  }

  @Test("whatever is accepted prints what reads back as the same")
  func randomStrings() throws {
    let seed: UInt64 = 11
    var random = SeededGenerator(seed: seed)
    let words = [
      "IDMap", "IDMap2", "Flat", "IVF", "IVF8", "IVF2k", "IVF8_HNSW", "SQ8", "SQ6", "SQ4", "SQfp16",
      "PQ8",
      "PQ8x4fs", "PQ8x4fsr", "PQ8x6np", "HNSW", "HNSW8_SQ4", "PCA4", "OPQ4", "OPQ4_8", "RFlat",
      "Refine(PQ4)",
      "LSHr", "BFlat", "BIVF4", "BHash2x4", "x", "8", "(", ")",
    ]
    var accepted = 0
    for _ in 0..<20_000 {
      let count = Int.random(in: 1...4, using: &random)
      let text = (0..<count).map { _ in words.randomElement(using: &random) ?? "" }
        .joined(separator: ",")
      guard let components = try? FaissComponents(text) else { continue }
      accepted += 1
      let again = try? FaissComponents(components.description)
      #expect(again == components, "\(text) becomes \(components), seed \(seed)")
    }
    #expect(accepted > 500)
  }

  @Test("a long string and a string of other letters are refused without a trap")
  func hostile() {
    let texts = [
      String(repeating: "IVF,", count: 100_000), String(repeating: "(", count: 100), "IVF٣,Flat",
      "PQ８",
      "\u{0}", "IVF256,Flat\u{301}", "🧵", String(repeating: "9", count: 200),
      "PQ99999999999999999999",
    ]
    for text in texts { #expect(throws: StoreError.self) { try FaissComponents(text) } }
  }
}
