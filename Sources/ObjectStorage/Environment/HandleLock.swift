import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Keeps two transactions of one process from opening database handles at the same time, which LMDB
/// forbids. A write transaction that opens handles holds it until it ends.
final class HandleLock: @unchecked Sendable {
  // `owner` is written only while the mutex is held and read by others as a hint; hence unchecked.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init() {
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func lock() { pthread_mutex_lock(mutex) }
  func unlock() { pthread_mutex_unlock(mutex) }
}
