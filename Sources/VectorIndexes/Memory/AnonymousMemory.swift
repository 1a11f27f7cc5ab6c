import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Zero-filled memory that belongs to no file. Large blocks start on 2 MiB and ask for huge pages:
/// with 4 KiB pages every random row costs a walk of the page tables besides the cache miss.
final class AnonymousMemory: @unchecked Sendable {
  // Sendable: the address never changes; who writes where is agreed by the owners.

  /// First byte; 64-byte aligned at least.
  let base: UnsafeMutableRawPointer
  /// Usable bytes.
  let count: Int
  private let mapping: UnsafeMutableRawPointer
  private let mappingLength: Int

  private static let hugePage = 2 << 20

  /// Maps `count` bytes; throws `limitExceeded` when the system has none to give.
  init(count: Int, purpose: String) throws(StoreError) {
    let huge = count >= Self.hugePage
    let unit = huge ? Self.hugePage : 4096
    let (rounded, overflow) = max(count, 1).addingReportingOverflow(unit - 1)
    guard count >= 0, !overflow, rounded < Int.max / 2 else {
      throw StoreError(.limitExceeded, "\(count) bytes of memory asked for \(purpose)")
    }
    let length = rounded / unit * unit
    let total = huge ? length + Self.hugePage : length
    #if canImport(Darwin)
      let flags = MAP_PRIVATE | MAP_ANON
    #else
      let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    #endif
    guard let address = mmap(nil, total, PROT_READ | PROT_WRITE, flags, -1, 0),
      address != MAP_FAILED
    else {
      let number = errno
      throw StoreError(
        .limitExceeded, "no \(total) bytes of memory for \(purpose)",
        cause: String(cString: strerror(number)), remedy: "Free memory or index fewer vectors")
    }
    mapping = address
    mappingLength = total
    self.count = count
    let offset = Int(bitPattern: address) % unit
    base = offset == 0 ? address : address + (unit - offset)
    #if canImport(Glibc)
      if huge { _ = madvise(base, length, MADV_HUGEPAGE) }
    #endif
  }

  deinit { munmap(mapping, mappingLength) }

  /// The memory as values of one type.
  func bound<T: BitwiseCopyable>(to type: T.Type) -> UnsafeMutablePointer<T> {
    base.bindMemory(to: type, capacity: count / MemoryLayout<T>.stride)
  }

  /// All bytes.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
}
