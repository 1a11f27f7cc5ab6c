import ObjectStorage
import Seamstone
import StorageIO
import Testing
import VectorMath

@Suite("What txtai derives for faiss")
struct FaissDerivationTests {
  /// Rows, cells, probes and components: the table of the specification.
  static let table: [(Int, Int, Int, String)] = [
    (50, 1, 6, "IDMap,Flat"), (78, 2, 6, "IDMap,Flat"), (1_000, 25, 6, "IDMap,Flat"),
    (5_000, 128, 6, "IDMap,Flat"), (5_001, 128, 8, "IVF128,Flat"), (10_000, 256, 16, "IVF256,Flat"),
    (20_000, 512, 32, "IVF512,Flat"), (24_336, 624, 39, "IVF624,Flat"),
    (30_000, 693, 43, "IVF693,Flat"), (100_000, 1_265, 79, "IVF1265,Flat"),
    (1_000_000, 4_000, 250, "IVF4000,Flat"), (10_000_000, 12_649, 791, "IVF12649,Flat"),
  ]

  @Test("cells, probes and components follow from the number of vectors", arguments: table)
  func derivation(_ count: Int, _ cells: Int, _ probes: Int, _ components: String) {
    #expect(FaissDerivation.cells(count) == cells)
    #expect(FaissDerivation.probes(count) == probes)
    let derived = FaissDerivation.components(count: count, trainingRows: count, storage: .flat)
    #expect(derived.description == components)
  }

  @Test("a half is rounded to the even number")
  func rounding() {
    #expect(FaissDerivation.cells(5_304) == 136)
    #expect(FaissDerivation.probes(5_304) == 8)
    #expect(FaissDerivation.cells(0) == 1)
    #expect(FaissDerivation.probes(0) == 6)
  }

  @Test("a sample drives the cells, the count the probes")
  func sample() {
    let rows = FaissDerivation.trainingRows(10_000, sample: 0.1)
    #expect(rows == 1_000)
    #expect(FaissDerivation.trainingRows(10_000, sample: nil) == 10_000)
    #expect(FaissDerivation.trainingRows(999, sample: 0.5) == 499)
    let derived = FaissDerivation.components(count: 10_000, trainingRows: rows, storage: .flat)
    #expect(derived.description == "IVF25,Flat")
    #expect(FaissDerivation.probes(10_000) == 16)
  }

  @Test("storage and packing change the derived components")
  func storage() {
    func derived(_ count: Int, _ code: FaissComponents.Code?) -> String {
      FaissDerivation.components(count: count, trainingRows: count, storage: code).description
    }
    #expect(derived(100, .scalar(.eightBits)) == "IDMap,SQ8")
    #expect(derived(10_000, .scalar(.fourBits)) == "IVF256,SQ4")
    #expect(derived(5_000, nil) == "BFlat")
    #expect(derived(5_001, nil) == "BIVF128")
  }
}
