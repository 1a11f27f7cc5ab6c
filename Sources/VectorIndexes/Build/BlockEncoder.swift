import Synchronization

/// Collects originals as one thread reads them, and encodes a block of them on all threads.
struct BlockEncoder {
  let rows: EncodedRows
  let team: ThreadTeam
  let blockRows: Int
  /// Looks at the vectors as well.
  let kindBuild: (any KindBuild)?
  /// Whether every row so far decodes to its original.
  private(set) var exact = true
  /// Whether some component lay outside the codes' range.
  private(set) var clipped = false
  /// The bytes of originals, whatever their element type; each begins with a word.
  private var vectors: [Float] = []
  private let wordsPerRow: Int
  private var places: [Int] = []

  init(
    rows: EncodedRows, team: ThreadTeam, blockRows: Int, kindBuild: (any KindBuild)? = nil
  ) {
    self.rows = rows
    self.team = team
    self.blockRows = blockRows
    wordsPerRow = (rows.codec.vectorBytes + 3) / 4
    self.kindBuild = kindBuild
    vectors.reserveCapacity(blockRows * wordsPerRow)
    places.reserveCapacity(blockRows)
  }

  /// Takes a vector; there is room for `blockRows` until the next flush.
  mutating func add(_ vector: UnsafeRawPointer, place: Int) {
    let start = vectors.count * 4
    vectors.append(contentsOf: repeatElement(0, count: wordsPerRow))
    vectors.withUnsafeMutableBytes { memory in
      UnsafeMutableRawBufferPointer(rebasing: memory[start...]).copyMemory(
        from: UnsafeRawBufferPointer(start: vector, count: rows.codec.vectorBytes))
    }
    places.append(place)
  }

  mutating func flush() {
    let (rows, vectors, places, words, kindBuild) = (
      rows, vectors, places, wordsPerRow, kindBuild
    )
    let outcome = Outcome()
    team.forEachChunk(of: places.count, size: 256) { _, range in
      vectors.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        kindBuild?.look(
          at: base + range.lowerBound * words, wordsPerVector: words, places: places[range])
        for i in range {
          let result = rows.encode(base + i * words, into: places[i])
          if !result.exact { outcome.inexact.store(true, ordering: .relaxed) }
          if result.clipped { outcome.clipped.store(true, ordering: .relaxed) }
        }
      }
    }
    if outcome.inexact.load(ordering: .relaxed) { exact = false }
    if outcome.clipped.load(ordering: .relaxed) { clipped = true }
    self.vectors.removeAll(keepingCapacity: true)
    self.places.removeAll(keepingCapacity: true)
  }

  private final class Outcome: Sendable {
    let inexact = Atomic<Bool>(false)
    let clipped = Atomic<Bool>(false)
  }
}
