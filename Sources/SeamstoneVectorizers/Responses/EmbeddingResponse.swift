import JSONText
import StorageIO

/// Reads the answer of `/v1/embeddings`: `{"data": [{"index": 0, "embedding": [0.1, …]}, …], …}`.
enum EmbeddingResponse {
  /// The vectors by their indexes, whatever the order in which they come.
  /// - Parameters:
  ///   - bytes: The body of the reply.
  ///   - count: How many vectors were asked for; each must come once.
  ///   - dimensions: The length that was asked for; nil accepts any one length.
  /// - Throws: What is wrong, and where. Names that are not known are passed over.
  static func vectors(
    in bytes: [UInt8], count: Int, dimensions: Int?
  ) throws(JSONError) -> [[Float]] {
    try unsafe bytes.withRawBytes { (raw) throws(JSONError) in
      var scanner = unsafe JSONScanner(raw)
      var vectors: [[Float]]?
      try scanner.readObject { (scanner, name) throws(JSONError) in
        if name == "data" {
          vectors = try readData(&scanner, count: count, dimensions: dimensions)
        } else {
          _ = try scanner.readValue(depth: 1)
        }
      }
      try scanner.expectEnd()
      guard let vectors else { throw JSONError(offset: 0, reason: "there is no \"data\"") }
      return vectors
    }
  }

  private static func readData(
    _ scanner: inout JSONScanner, count: Int, dimensions: Int?
  ) throws(JSONError) -> [[Float]] {
    var vectors = [[Float]?](repeating: nil, count: count)
    var length = dimensions
    let start = scanner.position
    try scanner.readArray { (scanner, _) throws(JSONError) in
      let start = scanner.position
      let (index, vector) = try readItem(&scanner, expected: length)
      guard vectors.indices.contains(index) else {
        throw scanner.error("an embedding has the index \(index), of \(count)", at: start)
      }
      guard vectors[index] == nil else {
        throw scanner.error("two embeddings have the index \(index)", at: start)
      }
      if let length, length != vector.count {
        throw scanner.error(
          "embedding \(index) has \(vector.count) dimensions, not \(length)", at: start)
      }
      length = vector.count
      vectors[index] = vector
    }
    let complete = vectors.compactMap(\.self)
    guard complete.count == count else {
      throw scanner.error("\(complete.count) embeddings came, \(count) were asked for", at: start)
    }
    return complete
  }

  private static func readItem(
    _ scanner: inout JSONScanner, expected: Int?
  ) throws(JSONError) -> (index: Int, vector: [Float]) {
    let start = scanner.position
    var index: Int?
    var vector: [Float]?
    try scanner.readObject { (scanner, name) throws(JSONError) in
      switch name {
      case "index":
        let start = scanner.position
        guard let number = try scanner.readNumber().int64 else {
          throw scanner.error("an index is not a whole number", at: start)
        }
        index = Int(number)
      case "embedding": vector = try readVector(&scanner, expected: expected)
      default: _ = try scanner.readValue(depth: 3)
      }
    }
    guard let index else { throw scanner.error("an embedding without \"index\"", at: start) }
    guard let vector, !vector.isEmpty else {
      throw scanner.error("embedding \(index) is missing or empty", at: start)
    }
    return (index, vector)
  }

  /// Numbers, or a text of their bytes in base64.
  private static func readVector(
    _ scanner: inout JSONScanner, expected: Int?
  ) throws(JSONError) -> [Float] {
    let start = scanner.position
    var vector: [Float] = []
    if scanner.peek() == UInt8(ascii: "\"") {
      guard let floats = Base64.floats(in: try scanner.readString()) else {
        throw scanner.error("an embedding is not base64 of floats", at: start)
      }
      vector = floats
    } else {
      vector.reserveCapacity(expected ?? 0)
      try scanner.readArray { (scanner, _) throws(JSONError) in
        vector.append(try scanner.readNumber().float)
      }
    }
    guard vector.allSatisfy(\.isFinite) else {
      throw scanner.error("an embedding has a number that is not a finite float", at: start)
    }
    return vector
  }
}
