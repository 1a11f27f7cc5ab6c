import Seamstone
import StorageIO
import TestSupport
import Testing

/// A store of a test's own, in memory where the system has that.
struct ImportStore {
  let directory: TemporaryDirectory
  let store: Store

  init(vectorizers: [any Vectorizer] = []) throws {
    directory = try TemporaryDirectory(in: TemporaryDirectory.inMemory)
    var options = StoreOptions()
    options.vectorizers = vectorizers
    store = try Store.open(at: directory.file("a.seam"), options: options)
  }

  /// A collection that compares one by one, so that no test waits for a graph.
  func collection(
    _ name: String = "A", dimensions: Int? = nil, vectorizer: String? = nil
  ) throws -> Collection {
    try store.collection(
      name,
      CollectionConfiguration(
        dimensions: dimensions, metric: .l2Squared, index: .flat, vectorizer: vectorizer))
  }

  /// The vectors of a collection by id.
  func vectors(_ name: String = "A") throws -> [ObjectID: [Float]] {
    var found: [ObjectID: [Float]] = [:]
    try store.read { snapshot in
      try snapshot.collection(name).forEachObject { object in
        found[object.id] = object.vector
        return true
      }
    }
    return found
  }

  /// Writes a text file and gives its path.
  func write(_ name: String, _ lines: [String]) throws -> String {
    try write(name, Array(lines.joined(separator: "\n").utf8))
  }

  /// Writes a file and gives its path.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = directory.file(name)
    let file = try PosixFileSystem().createFile(path, truncating: true)
    try bytes.withRawBytes { raw throws(StoreError) in try file.append(raw) }
    try file.close()
    return path
  }

  /// Rows of an .fvecs file.
  func fvecs(_ name: String, _ rows: [[Float]]) throws -> String {
    try write(
      name,
      rows.flatMap { row in
        little(UInt32(row.count)) + row.flatMap { little($0.bitPattern) }
      })
  }

  private func little(_ word: UInt32) -> [UInt8] {
    withUnsafeBytes(of: word.littleEndian) { Array($0) }
  }
}
