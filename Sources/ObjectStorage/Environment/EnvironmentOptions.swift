/// How an LMDB environment is opened.
package struct EnvironmentOptions: Sendable {
  /// What a power loss may take back.
  package enum Durability: Sendable {
    /// Nothing that was acknowledged.
    case full
    /// The last commits, never the integrity of the store (`MDB_NOMETASYNC`).
    case relaxed
  }

  /// Bytes of address space for the map; raised to what the file needs, lowered never.
  package var mapSize = 64 << 30
  /// What a power loss may take back.
  package var durability = Durability.full
  /// Open for reading only, beside a writer process.
  package var readOnly = false
  /// Slots in the table of readers, shared by all processes. Set by whoever opens first.
  package var maxReaders = 1024
  /// Named databases that can be open at once.
  package var maxDatabases = 1024
  /// Let the system read ahead on page faults. Without it, a store larger than memory wastes less of the
  /// page cache on random reads, and range scans are slower. nil: as long as the file is no larger than
  /// half of the memory that the process may use when the environment is opened.
  package var readAhead: Bool?
  /// Open although the file system seems to be a network one, where LMDB's locks do not work.
  package var allowsNetworkFileSystem = false

  /// The defaults of the store.
  package init() {}
}
