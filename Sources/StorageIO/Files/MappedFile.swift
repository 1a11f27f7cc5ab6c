#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A whole file in memory, read-only, until the last reference goes.
///
/// The bytes are shared with the page cache: nothing is copied, and pages come in as they are
/// touched. A file that others truncate while it is mapped kills the process that touches the
/// missing part, so only files that never change are mapped.
package final class MappedFile: @unchecked Sendable {
  // Unchecked: the bytes are only read, and the closure runs once, in deinit.

  /// Where the file is.
  package let path: String
  /// Its bytes; empty for an empty file.
  package let bytes: UnsafeRawBufferPointer
  private let release: @Sendable () -> Void
  /// Whether the bytes are pages of a file; advice on other memory could discard it.
  private let isMapping: Bool

  /// The length in bytes.
  package var count: Int { bytes.count }

  /// Wraps bytes that stay valid until `release` is called; `isMapping` says that they are pages
  /// of a file.
  package init(
    path: String, bytes: UnsafeRawBufferPointer, isMapping: Bool,
    release: @escaping @Sendable () -> Void
  ) {
    self.path = path
    self.bytes = bytes
    self.isMapping = isMapping
    self.release = release
  }

  deinit { release() }

  /// A copy of `contents` that behaves like a mapping, page-aligned as one.
  package convenience init(path: String, copying contents: UnsafeRawBufferPointer) {
    let copy = UnsafeMutableRawBufferPointer.allocate(
      byteCount: contents.count, alignment: 4096)
    copy.copyMemory(from: contents)
    let address = UInt(bitPattern: copy.baseAddress)
    self.init(path: path, bytes: UnsafeRawBufferPointer(copy), isMapping: false) {
      UnsafeMutableRawPointer(bitPattern: address)?.deallocate()
    }
  }

  /// The `count` bytes from `offset`; throws `truncatedFile` if they are not all there.
  package func slice(_ offset: Int, count: Int) throws(StoreError) -> UnsafeRawBufferPointer {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
      throw StoreError(
        .truncatedFile, "\(count) bytes are not there: the file has \(bytes.count)",
        at: .init(path: path, offset: offset))
    }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  /// How bytes of a mapping are going to be used.
  package enum Advice: Sendable {
    /// No special treatment.
    case normal
    /// Scattered reads: no read-ahead.
    case random
    /// One pass from the front.
    case sequential
    /// Soon: start reading them in now.
    case willNeed
    /// Not soon: their pages can go.
    case dontNeed
    /// Large pages where the system has them for files.
    case hugePages
  }

  /// Tells the system how `range` (nil: everything) is going to be used. Only a hint: systems that
  /// do not know it ignore it, and so does this.
  package func advise(_ advice: Advice, range: Range<Int>? = nil) {
    let wanted = (range ?? 0..<count).clamped(to: 0..<count)
    guard isMapping, !wanted.isEmpty, let base = bytes.baseAddress else { return }
    let page = max(1, Int(getpagesize()))
    let start = wanted.lowerBound / page * page
    let value: Int32
    switch advice {
    case .normal: value = Int32(MADV_NORMAL)
    case .random: value = Int32(MADV_RANDOM)
    case .sequential: value = Int32(MADV_SEQUENTIAL)
    case .willNeed: value = Int32(MADV_WILLNEED)
    case .dontNeed: value = Int32(MADV_DONTNEED)
    case .hugePages:
      #if os(Linux)
        value = 14  // MADV_HUGEPAGE
      #else
        return
      #endif
    }
    _ = madvise(UnsafeMutableRawPointer(mutating: base + start), wanted.upperBound - start, value)
  }
}
