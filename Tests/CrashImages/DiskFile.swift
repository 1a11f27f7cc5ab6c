/// A file as a program sees it, and as the disk has it.
struct DiskFile {
  enum Change {
    /// `isDurable`: on the disk already, although what was written before may not be.
    case write(offset: Int, bytes: [UInt8], isDurable: Bool)
    case resize(Int)
  }

  /// With everything that was written.
  private(set) var current: [UInt8] = []
  /// With what was synced.
  private(set) var durable: [UInt8] = []
  /// What the disk may have of, in this order.
  private(set) var pending: [Change] = []

  init(_ bytes: [UInt8] = []) {
    current = bytes
    durable = bytes
  }

  mutating func apply(_ change: Change) {
    Self.apply(change, to: &current)
    pending.append(change)
  }

  /// The same, where a crash comes before the call returns: the program never sees it.
  mutating func begin(_ change: Change) { pending.append(change) }

  mutating func sync() {
    for change in pending { Self.apply(change, to: &durable) }
    pending = []
  }

  /// After a failed sync the system takes what it could not write for written: no later sync brings it to
  /// the disk. (Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020.)
  mutating func loseSync() {
    let kept = pending.filter { if case .write(_, _, true) = $0 { true } else { false } }
    pending = kept
  }

  /// What a crash leaves, if `fate` decides about each block of `blockSize` bytes of each pending change.
  func remains(blockSize: Int, fate: (_ offset: Int) -> BlockFate) -> [UInt8] {
    var bytes = durable
    for change in pending {
      switch change {
      case .write(let offset, let written, let isDurable):
        if isDurable {
          Self.apply(change, to: &bytes)
        } else {
          Self.tear(written, at: offset, blockSize: blockSize, fate, into: &bytes)
        }
      case .resize: if fate(0) == .kept { Self.apply(change, to: &bytes) }
      }
    }
    return bytes
  }

  private static func tear(
    _ written: [UInt8], at offset: Int, blockSize: Int, _ fate: (Int) -> BlockFate,
    into bytes: inout [UInt8]
  ) {
    var start = offset
    let end = offset + written.count
    while start < end {
      let next = min(end, (start / blockSize + 1) * blockSize)
      switch fate(start) {
      case .dropped: break
      case .kept: put(written, from: start - offset, count: next - start, at: start, into: &bytes)
      case .garbage(let byte):
        let noise = [UInt8](repeating: byte, count: next - start)
        put(noise, from: 0, count: next - start, at: start, into: &bytes)
      }
      start = next
    }
  }

  private static func apply(_ change: Change, to bytes: inout [UInt8]) {
    switch change {
    case .write(let offset, let written, _):
      put(written, from: 0, count: written.count, at: offset, into: &bytes)
    case .resize(let length):
      if length < bytes.count {
        bytes.removeLast(bytes.count - length)
      } else {
        bytes.append(contentsOf: repeatElement(0, count: length - bytes.count))
      }
    }
  }

  private static func put(
    _ source: [UInt8], from first: Int, count: Int, at offset: Int, into bytes: inout [UInt8]
  ) {
    guard count > 0 else { return }
    if bytes.count < offset + count {
      bytes.append(contentsOf: repeatElement(0, count: offset + count - bytes.count))
    }
    source.withUnsafeBytes { from in
      bytes.withUnsafeMutableBytes { to in
        guard let to = to.baseAddress, let from = from.baseAddress else { return }
        (to + offset).copyMemory(from: from + first, byteCount: count)
      }
    }
  }
}

/// What becomes of a block that was not synced.
enum BlockFate: Equatable {
  case kept
  case dropped
  case garbage(UInt8)
}
