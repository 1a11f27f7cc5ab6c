import TestSupport

/// Goes through a trace and yields every crash that may leave something new.
package struct CrashPoints {
  package struct Point {
    /// How many calls had returned.
    package var call: Int
    package var kind: CrashKind
    /// The states that the store may be in, the newest first.
    package var states: [Int]
    /// How many steps were acknowledged.
    package var acknowledged: Int
  }

  package let trace: CrashTrace
  private var disk: Disk
  private var position = 0
  private var begun: Int
  private var acknowledged: Int
  private var waiting: [CrashKind] = []
  private var seenVersion = -1
  private var seenDurableVersion = -1

  package init(_ trace: CrashTrace) {
    self.trace = trace
    disk = Disk(trace.base)
    begun = trace.firstState
    acknowledged = trace.firstState
    waiting = kinds()
  }

  /// Nil at the end of the trace.
  package mutating func next() -> Point? {
    while waiting.isEmpty {
      guard position < trace.calls.count else { return nil }
      advance()
      waiting = kinds()
    }
    let kind = waiting.removeFirst()
    // A process that dies loses nothing; a power failure may.
    let states =
      kind == .everything
      ? (acknowledged...begun).reversed()
      : trace.script.states(begun: begun, acknowledged: acknowledged)
        .filter { $0 >= trace.firstState }
    return Point(call: position, kind: kind, states: states, acknowledged: acknowledged)
  }

  /// What the disk holds after the crash that was yielded last.
  package func image(_ point: Point, random: inout SeededGenerator) -> DiskImage {
    guard point.kind == .someBlocks || point.kind == .someSectors, position < trace.calls.count
    else { return disk.image(point.kind, random: &random) }
    var crashed = disk
    crashed.begin(trace.calls[position])
    return crashed.image(point.kind, random: &random)
  }

  private mutating func advance() {
    let call = trace.calls[position]
    position += 1
    guard case .mark(let number) = call else { return disk.apply(call) }
    let step = Int(number / 2)
    begun = step + 1
    // More is promised from here on, so what is on the disk is looked at again.
    if number % 2 == 1 {
      acknowledged = step + 1
      seenVersion = -1
      seenDurableVersion = -1
    }
  }

  private mutating func kinds() -> [CrashKind] {
    // Right before a mark the same crash would leave the same, with less to ask of it.
    if position < trace.calls.count, case .mark = trace.calls[position] { return [] }
    var kinds: [CrashKind] = []
    if disk.version != seenVersion { kinds.append(.everything) }
    if disk.durableVersion != seenDurableVersion { kinds.append(.nothing) }
    seenVersion = disk.version
    seenDurableVersion = disk.durableVersion
    if disk.hasPending { kinds += [.someBlocks, .someSectors] }
    return kinds
  }
}
