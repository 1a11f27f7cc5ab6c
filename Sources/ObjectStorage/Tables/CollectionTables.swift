import CLMDB
import StorageIO

/// The databases of one collection, named by its number: `7.ids`, `7.objects`, `7.vectors`,
/// `7.deleted`, `7.artifacts`, and `7.postings` once a property was indexed.
package struct CollectionTables: Sendable {
  /// The number of the collection; never reused in a store.
  package let number: UInt32
  /// Object id → DocID.
  package let ids: IDTable
  /// DocID → object.
  package let objects: ObjectTable
  /// DocID → commit that deleted it.
  package let deleted: DeletedTable
  /// Trained transforms and the like, by name.
  package let artifacts: BytesTable
  /// DocID and part → bytes of an original; see `vectors(byteCount:)`.
  package let vectorRecords: Table
  /// Term of a property index and block of DocIDs → DocIDs; nil until the first property is indexed. One
  /// database serves all of a collection's indexes, so that their number does not count.
  package private(set) var postings: PostingTable?
  private let pageSize: Int

  /// The originals, once it is known how many bytes one has.
  package func vectors(byteCount: Int) -> VectorTable {
    VectorTable(table: vectorRecords, byteCount: byteCount, pageSize: pageSize)
  }

  /// The originals, each of so many floats.
  package func vectors(dimensions: Int) -> VectorTable {
    vectors(byteCount: dimensions * MemoryLayout<Float>.stride)
  }

  /// Opens the databases of a collection in a write transaction, making those that are missing. They
  /// can be used in this transaction, and elsewhere once it is committed; if it aborts, they are void.
  package static func create(
    number: UInt32, in transaction: WriteTransaction
  ) throws(StoreError) -> CollectionTables {
    let raw = try transaction.open()
    guard let environment = transaction.environment else { throw transaction.endedError }
    try transaction.lockHandles()
    return try CollectionTables(number, create: true, raw, environment)
  }

  /// Opens the databases of an existing collection. Not inside a transaction of the same thread that
  /// creates collections.
  package static func open(
    number: UInt32, in environment: LMDBEnvironment
  ) throws(StoreError) -> CollectionTables {
    try environment.openHandles { (raw) throws(StoreError) in
      try CollectionTables(number, create: false, raw, environment)
        .adding(create: false, raw, environment)
    }
  }

  /// The same databases, and the one for property indexes, made in a write transaction; as for `create`,
  /// it is void if the transaction aborts.
  package func creatingPostings(
    in transaction: WriteTransaction
  ) throws(StoreError) -> CollectionTables {
    let raw = try transaction.open()
    guard let environment = transaction.environment else { throw transaction.endedError }
    try transaction.lockHandles()
    return try adding(create: true, raw, environment)
  }

  /// The same databases, and the one for property indexes if there is one. Not inside a transaction of the
  /// same thread that makes it.
  package func openingPostings(
    in environment: LMDBEnvironment
  ) throws(StoreError) -> CollectionTables {
    if postings != nil { return self }
    return try environment.openHandles { (raw) throws(StoreError) in
      try adding(create: false, raw, environment)
    }
  }

  private func adding(
    create: Bool, _ raw: OpaquePointer, _ environment: LMDBEnvironment
  ) throws(StoreError) -> CollectionTables {
    var tables = self
    do throws(StoreError) {
      tables.postings = PostingTable(
        table: try Table.open(
          "\(number).postings", integerKeys: false, create: create, in: raw,
          path: environment.path))
    } catch {
      guard !create, error.code == .notFound else { throw error }
    }
    return tables
  }

  /// Empties the databases; their pages are free for reuse as soon as no snapshot sees them. The names
  /// themselves go when the store is next opened: `LMDBEnvironment.removeTables(except:)`.
  package func drop(in transaction: WriteTransaction) throws(StoreError) {
    for table in all { try table.empty(in: transaction) }
  }

  private var all: [Table] {
    [ids.table, objects.table, vectorRecords, deleted.table, artifacts.table]
      + (postings.map { [$0.table] } ?? [])
  }

  private init(
    _ number: UInt32, create: Bool, _ raw: OpaquePointer, _ environment: LMDBEnvironment
  ) throws(StoreError) {
    func table(_ name: String, integerKeys: Bool) throws(StoreError) -> Table {
      try Table.open(
        "\(number).\(name)", integerKeys: integerKeys, create: create, in: raw,
        path: environment.path)
    }
    self.number = number
    ids = IDTable(table: try table("ids", integerKeys: false))
    objects = ObjectTable(table: try table("objects", integerKeys: true))
    vectorRecords = try table("vectors", integerKeys: true)
    deleted = DeletedTable(table: try table("deleted", integerKeys: true))
    artifacts = BytesTable(table: try table("artifacts", integerKeys: false))
    pageSize = environment.pageSize
  }
}
