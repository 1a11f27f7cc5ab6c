import StorageIO
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Numbers in a file that both processes map. What the killed process stored there before it died is
/// seen by the other one: the mapping belongs to the system, not to the process.
package final class CrashOracle: @unchecked Sendable {
  // Unchecked: every slot is one aligned word with one writer, and is read after that one died.
  private let words: UnsafeMutablePointer<UInt64>
  private static let byteCount = 4096

  package init(path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreError.system("open", errno: errno, at: .init(path: path))
    }
    defer { close(descriptor) }
    guard ftruncate(descriptor, off_t(Self.byteCount)) == 0,
      let address = mmap(
        nil, Self.byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      address != MAP_FAILED
    else { throw StoreError.system("mmap", errno: errno, at: .init(path: path)) }
    words = address.bindMemory(to: UInt64.self, capacity: Self.byteCount / 8)
  }

  deinit { munmap(words, Self.byteCount) }

  /// The number of the last batch that a writer began to write.
  package func started(_ writer: Int) -> UInt64 { words[2 * writer] }
  /// The number of the last batch whose write call returned.
  package func acknowledged(_ writer: Int) -> UInt64 { words[2 * writer + 1] }

  /// How many batches of all writers were acknowledged.
  package var acknowledgedCount: UInt64 {
    (0..<CrashWorkload.writers).reduce(0) { $0 + acknowledged($1) }
  }

  package func start(_ number: UInt64, writer: Int) { words[2 * writer] = number }
  package func acknowledge(_ number: UInt64, writer: Int) { words[2 * writer + 1] = number }

  /// The number of the last conversion of a writer's collection that was begun to be asked for.
  package func startedConversion(_ writer: Int) -> UInt64 { words[110 + 2 * writer] }
  /// The number of the last conversion that was asked for.
  package func acknowledgedConversion(_ writer: Int) -> UInt64 { words[111 + 2 * writer] }

  package func startConversion(_ number: UInt64, writer: Int) { words[110 + 2 * writer] = number }
  package func acknowledgeConversion(_ number: UInt64, writer: Int) {
    words[111 + 2 * writer] = number
  }

  /// How often a conversion was seen to have ended; for the report.
  package var finishedConversions: UInt64 {
    get { words[120] }
    set { words[120] = newValue }
  }

  /// How often the child opened the store, and how often it closed it; for the report.
  package var opened: UInt64 {
    get { words[100] }
    set { words[100] = newValue }
  }
}
