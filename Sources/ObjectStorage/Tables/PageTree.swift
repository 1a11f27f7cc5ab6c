import CLMDB

/// The tree of one integer-keyed LMDB table as one read transaction sees it, in the mapped file.
///
/// LMDB looks up one key after the other, and each look-up waits for three or four cache misses in a
/// row. Rescoring needs a dozen at once: descending for all of them level by level, asking for the
/// next pages ahead of time, lets the misses overlap. The pages of a read transaction do not
/// change, and their layout is part of LMDB 0.9's file format (`MDB_page`, `MDB_node`, `MDB_db`
/// of `mdb.c`). Every page number, offset and size is checked; whatever is not as expected is nil,
/// and the caller asks LMDB itself.
struct PageTree {
  /// Where page 0 is mapped.
  private let base: UnsafeRawPointer
  private let pageSize: Int
  private let lastPage: UInt64
  /// The page where every descent begins.
  let root: UnsafeRawPointer
  /// Levels, the leaves included.
  let depth: Int

  /// A value in a leaf.
  struct Slot {
    /// The leaf.
    var page: UnsafeRawPointer
    /// The leaf after it, if the same parent knows.
    var next: UnsafeRawPointer?
  }

  /// Reads the tree's record in LMDB's main database; nil if it cannot be used.
  init?(_ table: Table, in transaction: OpaquePointer, environment: LMDBEnvironment) {
    guard environment.hasSystemPages else { return nil }
    var value = MDB_val()
    var name = table.place.name
    let code = name.withUTF8 { bytes in
      var key = MDB_val(UnsafeRawBufferPointer(bytes))
      return mdb_get(transaction, 1, &key, &value)
    }
    guard code == 0, value.mv_size == 48, let record = UnsafeRawPointer(value.mv_data) else {
      return nil
    }
    var information = MDB_envinfo()
    guard mdb_env_info(environment.handle, &information) == 0 else { return nil }
    pageSize = environment.pageSize
    lastPage = UInt64(information.me_last_pgno)
    // The record lies in a page of the map, whose header tells its number: that gives page 0.
    let page = record - Int(bitPattern: record) % pageSize
    let number = page.load(as: UInt64.self)
    guard number > 1, number <= lastPage, page.load(fromByteOffset: 10, as: UInt16.self) & 0xE == 2,
      Int(bitPattern: page) > Int(number) * pageSize
    else { return nil }
    base = page - Int(number) * pageSize
    depth = Int(record.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
    let rootNumber = record.loadUnaligned(fromByteOffset: 40, as: UInt64.self)
    guard (1...16).contains(depth), rootNumber > 1, rootNumber <= lastPage else { return nil }
    root = base + Int(rootNumber) * pageSize
  }

  /// The child of a branch page that holds `key`, and the child after it.
  @inline(__always)
  func child(of page: UnsafeRawPointer, for key: UInt64) -> Slot? {
    guard let count = entryCount(page, flag: 1) else { return nil }
    // The first key of a branch page stands for minus infinity.
    var low = 0
    var length = count
    while length > 1 {
      let half = length >> 1
      guard let node = node(low &+ half, of: page) else { return nil }
      if node.loadUnaligned(fromByteOffset: 8, as: UInt64.self) <= key { low &+= half }
      length &-= half
    }
    guard let child = target(low, of: page) else { return nil }
    return Slot(page: child, next: low &+ 1 < count ? target(low &+ 1, of: page) : nil)
  }

  /// The number of entries of a page that has the given flag (1: branch, 2: leaf).
  @inline(__always)
  func entryCount(_ page: UnsafeRawPointer, flag: UInt16) -> Int? {
    let lower = Int(page.load(fromByteOffset: 12, as: UInt16.self))
    guard page.load(fromByteOffset: 10, as: UInt16.self) & 0xF == flag, lower > 16,
      lower <= pageSize
    else { return nil }
    return (lower &- 16) >> 1
  }

  /// The node of an entry; at least its 16 bytes of header and key lie in the page.
  @inline(__always)
  func node(_ entry: Int, of page: UnsafeRawPointer) -> UnsafeRawPointer? {
    let offset = Int(page.load(fromByteOffset: 16 &+ 2 &* entry, as: UInt16.self))
    return offset >= 16 && offset <= pageSize &- 16 ? page + offset : nil
  }

  /// The entry of `key` in a leaf with `count` entries, or nil.
  @inline(__always)
  func entry(of key: UInt64, in leaf: UnsafeRawPointer, count: Int) -> Int? {
    var low = 0
    var length = count
    while length > 1 {
      let half = length >> 1
      guard let node = node(low &+ half, of: leaf) else { return nil }
      if node.loadUnaligned(fromByteOffset: 8, as: UInt64.self) <= key { low &+= half }
      length &-= half
    }
    return low
  }

  /// The value of an entry if it has this key and size and lies in the page.
  @inline(__always)
  func value(
    _ entry: Int, of leaf: UnsafeRawPointer, key: UInt64, size: Int
  ) -> UnsafeRawBufferPointer? {
    guard let node = node(entry, of: leaf),
      node.loadUnaligned(fromByteOffset: 8, as: UInt64.self) == key,
      Int(node.loadUnaligned(as: UInt32.self)) == size,
      // No flags (the value is inline), and a key of eight bytes.
      node.loadUnaligned(fromByteOffset: 4, as: UInt32.self) == 8 << 16,
      (node - leaf) &+ 16 &+ size <= pageSize
    else { return nil }
    return UnsafeRawBufferPointer(start: node + 16, count: size)
  }

  /// Asks for the first line of a page.
  @inline(__always)
  func fetch(_ page: UnsafeRawPointer) { seamstone_prefetch(page) }

  /// Asks for the keys of a leaf, whose header should have arrived.
  @inline(__always)
  func fetchKeys(of leaf: UnsafeRawPointer) {
    guard let count = entryCount(leaf, flag: 2) else { return }
    for entry in 0..<min(count, 16) {
      if let node = node(entry, of: leaf) { seamstone_prefetch(node + 8) }
    }
  }

  @inline(__always)
  private func target(_ entry: Int, of page: UnsafeRawPointer) -> UnsafeRawPointer? {
    // The first node of a branch page has no key: only the eight bytes of its header are sure.
    let offset = Int(page.load(fromByteOffset: 16 &+ 2 &* entry, as: UInt16.self))
    guard offset >= 16, offset <= pageSize &- 8 else { return nil }
    let number = page.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0xFFFF_FFFF_FFFF
    return number > 1 && number <= lastPage ? base + Int(number) &* pageSize : nil
  }
}
