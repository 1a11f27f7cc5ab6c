import Seamstone
import StorageIO

/// Counts words: texts that share words get vectors that are near, the same on every run. It remembers what it was asked.
final class WordVectorizer: Vectorizer {
  /// Something that can be wrong with it.
  enum Fault: Error { case outOfOrder }

  let name: String
  let dimensions: Int?
  private let length: Int
  private let spoil: @Sendable ([[Float]]) throws -> [[Float]]
  private let log = ConditionLock<[[String]]>([])

  /// - Parameters:
  ///   - tellsDimensions: Whether `dimensions` says how long the vectors are.
  ///   - spoil: Changes what is returned, or throws.
  init(
    name: String = "words", length: Int = 64, tellsDimensions: Bool = true,
    spoil: @escaping @Sendable ([[Float]]) throws -> [[Float]] = { $0 }
  ) {
    self.name = name
    self.length = length
    dimensions = tellsDimensions ? length : nil
    self.spoil = spoil
  }

  /// The texts of each call so far.
  var calls: [[String]] { log.withLock { $0 } }

  func vectors(for texts: [String]) async throws -> [[Float]] {
    log.withLock { $0.append(texts) }
    return try spoil(texts.map(vector))
  }

  func queryVectors(for texts: [String]) async throws -> [[Float]] {
    log.withLock { $0.append(texts.map { "query: " + $0 }) }
    return try spoil(texts.map(vector))
  }

  /// What it makes of one text.
  func vector(_ text: String) -> [Float] {
    var vector = [Float](repeating: 0, count: length)
    for word in text.lowercased().split(whereSeparator: { !$0.isLetter }) {
      // FNV-1a.
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      vector[Int(hash >> 32) % length] += 1
    }
    return vector
  }
}
