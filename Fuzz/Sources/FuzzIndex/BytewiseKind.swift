import StorageIO
import VectorIndexes

/// A registered kind that proposes whatever its bytes say.
struct BytewiseKind: CustomEngine {
  let name = "fuzz.Bytewise"

  func build(_ input: CustomInput) throws(StoreError) -> [UInt8] {
    (0..<input.shape.count).map { UInt8(truncatingIfNeeded: $0) }
  }

  func open(
    _ bytes: UnsafeRawBufferPointer, owner: any Sendable, shape: CustomShape
  ) throws(StoreError) -> any CustomSearcher {
    Searcher(rows: bytes.map { Int($0) * 5 - 20 })
  }

  private struct Searcher: CustomSearcher {
    let rows: [Int]

    func candidates(
      near vector: [Float], limit: Int, ef: Int, isAllowed: (Int) -> Bool
    ) -> [Int] { rows }
  }
}
