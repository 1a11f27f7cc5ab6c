#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A value behind a mutex, with waiting until it has some property.
///
/// `Synchronization.Mutex` cannot wait; Foundation's condition is not linked. Not recursive.
package final class ConditionLock<State>: @unchecked Sendable {
  // Unchecked: `state` is touched only while `mutex` is held.
  private var state: State
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  /// Puts `state` behind a lock.
  package init(_ state: sending State) {
    self.state = state
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    condition = .allocate(capacity: 1)
    condition.initialize(to: pthread_cond_t())
    #if canImport(Darwin)
      pthread_cond_init(condition, nil)
    #else
      var attributes = pthread_condattr_t()
      pthread_condattr_init(&attributes)
      pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
      pthread_cond_init(condition, &attributes)
      pthread_condattr_destroy(&attributes)
    #endif
  }

  deinit {
    pthread_cond_destroy(condition)
    condition.deallocate()
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` with the value, alone.
  package func withLock<R, E: Error>(_ body: (inout State) throws(E) -> R) throws(E) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }

  /// As `withLock`, but gives up with nil when another thread has the value and `isUnwanted`, which is then asked every
  /// few milliseconds.
  package func withLock<R, E: Error>(
    unless isUnwanted: () -> Bool, _ body: (inout State) throws(E) -> R
  ) throws(E) -> R? {
    while pthread_mutex_trylock(mutex) != 0 {
      if isUnwanted() { return nil }
      usleep(5_000)
    }
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }

  /// Runs `body` with the value, alone, then wakes every waiter to look at it.
  package func update<R, E: Error>(_ body: (inout State) throws(E) -> R) throws(E) -> R {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    return try body(&state)
  }

  /// Blocks until `body` returns something; it runs at once and after every `update`.
  package func wait<R, E: Error>(until body: (inout State) throws(E) -> R?) throws(E) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = try body(&state) { return result }
      pthread_cond_wait(condition, mutex)
    }
  }

  /// As `wait(until:)`, but gives up with nil after `timeout`, by a clock that never jumps.
  package func wait<R, E: Error>(
    timeout: Duration, until body: (inout State) throws(E) -> R?
  ) throws(E) -> R? {
    let deadline = ContinuousClock.now + timeout
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = try body(&state) { return result }
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { return nil }
      waitOnce(left)
    }
  }

  private func waitOnce(_ duration: Duration) {
    // An hour at most: the caller looks at the clock again anyway.
    let (seconds, attoseconds) = min(duration, .seconds(3600)).components
    var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    #if canImport(Darwin)
      pthread_cond_timedwait_relative_np(condition, mutex, &time)
    #else
      var now = timespec()
      clock_gettime(CLOCK_MONOTONIC, &now)
      time.tv_sec += now.tv_sec
      time.tv_nsec += now.tv_nsec
      if time.tv_nsec >= 1_000_000_000 {
        time.tv_nsec -= 1_000_000_000
        time.tv_sec += 1
      }
      pthread_cond_timedwait(condition, mutex, &time)
    #endif
  }
}
