import StorageIO
import VectorMath

/// A registered kind of index: builds indexes as bytes and opens them.
package protocol CustomEngine: Sendable {
  /// The name it is registered by.
  var name: String { get }
  /// Builds an index over some vectors.
  func build(_ input: CustomInput) throws(StoreError) -> [UInt8]
  /// Opens an index. The bytes stay where they are as long as `owner` lives.
  func open(
    _ bytes: UnsafeRawBufferPointer, owner: any Sendable, shape: CustomShape
  ) throws(StoreError) -> any CustomSearcher
}

/// An open index of a registered kind; used by many threads at once.
package protocol CustomSearcher: Sendable {
  /// The rows that may be the nearest, in any order.
  func candidates(
    near vector: [Float], limit: Int, ef: Int, isAllowed: (Int) -> Bool
  ) -> [Int]
}

/// What an index is over.
package struct CustomShape: Sendable, Hashable {
  /// Rows.
  package let count: Int
  /// Components of each vector.
  package let dimensions: Int
  /// How distances are measured.
  package let metric: Metric
  /// What the kind was told.
  package let settings: [UInt8]
}

/// What an index is built from.
package struct CustomInput: Sendable {
  /// What it is over.
  package let shape: CustomShape
  /// The vectors as they were given, row after row.
  package let values: [Float]
  /// True ends the build.
  package let isCancelled: @Sendable () -> Bool
}

/// The kinds that are registered, by their names.
package struct CustomEngines: Sendable {
  private let engines: [String: any CustomEngine]

  /// No kinds.
  package static let none = CustomEngines([])

  /// Registers kinds.
  package init(_ engines: [any CustomEngine]) {
    self.engines = Dictionary(engines.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The kind of that name.
  package subscript(_ name: String) -> (any CustomEngine)? { engines[name] }
}
