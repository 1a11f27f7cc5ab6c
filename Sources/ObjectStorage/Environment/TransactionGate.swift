import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The door through which every transaction of an environment enters and leaves.
///
/// It keeps the ended read transactions for reuse, knows how many transactions are open and since
/// when, and can be shut until all have left: LMDB's map may be moved only then.
final class TransactionGate: @unchecked Sendable {
  // All state below is guarded by `mutex`; hence unchecked.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var idle: ContiguousArray<ReadTransaction> = []
  private var isShut = false
  private var isClosed = false
  private var openCount = 0
  private var waiters = 0
  /// When the transaction of each seat began, 0 for none; seats are given to transaction objects.
  private var began: ContiguousArray<UInt64> = []
  private var freeSeats: ContiguousArray<Int> = []

  /// The most ended read transactions that are kept; each holds a slot in LMDB's reader table.
  static let poolLimit = 64

  init() {
    mutex.initialize(to: pthread_mutex_t())
    changed.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
    idle.reserveCapacity(TransactionGate.poolLimit)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// How entering ended.
  enum Entry {
    /// An ended read transaction to renew.
    case reuse(ReadTransaction)
    /// A seat for a new transaction object.
    case seat(Int)
    /// The environment is closed.
    case closed
    /// The gate stayed shut for the whole time allowed.
    case timedOut
  }

  /// Enters, counting a transaction as open from now on. Waits while the gate is shut.
  func enter(reusing: Bool, waiting nanoseconds: UInt64 = 30_000_000_000) -> Entry {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    if isShut, !wait(nanoseconds, until: { !isShut }) { return .timedOut }
    if isClosed { return .closed }
    openCount += 1
    if reusing, let transaction = idle.popLast() {
      began[transaction.seat] = MonotonicClock.coarse()
      return .reuse(transaction)
    }
    let seat: Int
    if let free = freeSeats.popLast() {
      seat = free
    } else {
      seat = began.count
      began.append(0)
    }
    began[seat] = MonotonicClock.coarse()
    return .seat(seat)
  }

  /// Leaves and keeps the transaction object for reuse, if there is room. Otherwise nothing happens:
  /// the caller destroys LMDB's transaction and leaves then. In this order, because the environment
  /// may be closed as soon as the last one has left.
  func leave(seat: Int, keeping transaction: ReadTransaction) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    if isClosed || idle.count >= TransactionGate.poolLimit { return false }
    idle.append(transaction)
    didLeave(seat)
    return true
  }

  /// Leaves and gives the seat back; answers whether that was the last transaction of a closed
  /// environment.
  func leave(seat: Int) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    freeSeats.append(seat)
    didLeave(seat)
    return isDeserted
  }

  /// Whether the environment is closed and nobody is inside any more, not even somebody who moves the
  /// map.
  private var isDeserted: Bool { isClosed && openCount == 0 && !isShut }

  private func didLeave(_ seat: Int) {
    openCount -= 1
    began[seat] = 0
    if waiters > 0 { pthread_cond_broadcast(changed) }
  }

  /// Gives back the seat of a kept transaction that is destroyed.
  func release(seat: Int) {
    pthread_mutex_lock(mutex)
    freeSeats.append(seat)
    pthread_mutex_unlock(mutex)
  }

  /// Takes all kept transactions out, so that the caller can destroy them.
  func drainPool() -> ContiguousArray<ReadTransaction> {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    let all = idle
    idle = []
    return all
  }

  /// The open transactions: how many, and the age of the oldest in seconds.
  var load: TransactionLoad {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return currentLoad()
  }

  /// Shuts the gate, waits until no transaction is open, runs `body`, and opens the gate again.
  /// Returns nil if it ran or the environment was closed meanwhile, or who was still inside when the
  /// time was up.
  func whileEmpty(waiting nanoseconds: UInt64, _ body: () -> Void) -> TransactionLoad? {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(mutex)
    }
    if isShut, !wait(nanoseconds, until: { !isShut }) { return currentLoad() }
    isShut = true
    defer { isShut = false }
    if !wait(nanoseconds, until: { openCount == 0 }) { return currentLoad() }
    if !isClosed { body() }
    return nil
  }

  /// Whether the environment is closed, and whether nobody is inside any more.
  var closing: (isClosed: Bool, isDeserted: Bool) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return (isClosed, isDeserted)
  }

  /// Refuses new transactions for good, and waits for the open ones. Nil when all have left.
  func close(waiting nanoseconds: UInt64) -> TransactionLoad? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    isClosed = true
    return wait(nanoseconds, until: { isDeserted }) ? nil : currentLoad()
  }

  private func currentLoad() -> TransactionLoad {
    let oldest = began.lazy.filter { $0 != 0 }.min()
    let age = oldest.map { MonotonicClock.coarse() &- $0 } ?? 0
    return TransactionLoad(open: openCount, oldestAge: Double(age) / 1e9)
  }

  /// Waits on `changed` with `mutex` held; false when the time is up. Steps of 20 ms keep it right
  /// if the wall clock jumps.
  private func wait(_ nanoseconds: UInt64, until condition: () -> Bool) -> Bool {
    let start = MonotonicClock.coarse()
    waiters += 1
    defer { waiters -= 1 }
    while !condition() {
      if MonotonicClock.coarse() &- start >= nanoseconds { return false }
      var until = timespec()
      clock_gettime(CLOCK_REALTIME, &until)
      until.tv_nsec += 20_000_000
      if until.tv_nsec >= 1_000_000_000 {
        until.tv_nsec -= 1_000_000_000
        until.tv_sec += 1
      }
      pthread_cond_timedwait(changed, mutex, &until)
    }
    return true
  }
}

/// The transactions that are open in this process.
package struct TransactionLoad: Sendable, Equatable {
  /// How many there are.
  package var open: Int
  /// Seconds since the oldest began; 0 if there is none.
  package var oldestAge: Double
}

/// A clock that never goes back.
enum MonotonicClock {
  /// Nanoseconds, exact to a few milliseconds where the system has a cheaper clock of that kind.
  static func coarse() -> UInt64 {
    #if canImport(Darwin)
      return clock_gettime_nsec_np(CLOCK_MONOTONIC_RAW_APPROX)
    #else
      var now = timespec()
      clock_gettime(CLOCK_MONOTONIC_COARSE, &now)
      return UInt64(now.tv_sec) &* 1_000_000_000 &+ UInt64(now.tv_nsec)
    #endif
  }
}
