/// Bytes of a section, for types that are shared between threads.
struct MappedBytes: @unchecked Sendable {
  // Sendable: read-only memory, kept alive by the index's sections.

  let base: UnsafeRawPointer
  let count: Int
}
