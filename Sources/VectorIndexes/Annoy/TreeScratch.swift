/// Memory that one thread builds trees with.
final class TreeScratch {
  /// Keys of a batch of rows.
  let keys: UnsafeMutablePointer<UInt32>
  /// Keys of the same rows to the other mean.
  let otherKeys: UnsafeMutablePointer<UInt32>
  /// Rows that decide a split.
  let sample: UnsafeMutablePointer<UInt32>
  /// A plane, or a mean, as the kernels take it: 64-byte aligned, padded with zeroes.
  let first: UnsafeMutableRawPointer
  let second: UnsafeMutableRawPointer

  /// Rows that are compared at a time.
  static let batch = 1_024

  /// Room for vectors whose padded rows have that many bytes.
  init(rowBytes: Int, sample size: Int) {
    keys = .allocate(capacity: Self.batch)
    otherKeys = .allocate(capacity: Self.batch)
    sample = .allocate(capacity: max(1, size))
    let bytes = (max(1, rowBytes) + 63) / 64 * 64
    first = .allocate(byteCount: bytes, alignment: 64)
    second = .allocate(byteCount: bytes, alignment: 64)
    first.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    second.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
  }

  deinit {
    keys.deallocate()
    otherKeys.deallocate()
    sample.deallocate()
    first.deallocate()
    second.deallocate()
  }
}
