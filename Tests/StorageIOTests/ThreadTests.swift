import StorageIO
import Synchronization
import TestSupport
import Testing

@Suite("Threads and locks")
struct ThreadTests {
  @Test("run and are joined, with the stack asked for")
  func join() throws {
    let sum = Mutex(0)
    let threads = try (0..<4).map { index in
      try PosixThread.start(name: "a name longer than Linux keeps", stackSize: 8 << 20) {
        // 4 MiB on the stack would crash a thread with a small one.
        withUnsafeTemporaryAllocation(byteCount: 4 << 20, alignment: 16) { raw in
          _ = raw.initializeMemory(as: UInt8.self, repeating: 1)
        }
        sum.withLock { $0 += index }
      }
    }
    for thread in threads { thread.join() }
    for thread in threads { thread.join() }
    #expect(sum.withLock { $0 } == 6)
  }

  @Test("may be forgotten, and may have tiny stacks asked for")
  func detach() throws {
    let done = ThreadSemaphore()
    do { _ = try PosixThread.start(name: "", stackSize: 1) { done.signal() } }
    done.wait()
  }

  @Test("that join themselves go on")
  func joinSelf() throws {
    let own = Mutex<PosixThread?>(nil)
    let start = ThreadSemaphore()
    let done = ThreadSemaphore()
    let thread = try PosixThread.start(name: "self") {
      start.wait()
      own.withLock { $0 }?.join()
      done.signal()
    }
    own.withLock { $0 = thread }
    start.signal()
    done.wait()
    thread.join()
    own.withLock { $0 = nil }
  }

  @Test("wait for a property of a value")
  func condition() throws {
    let lock = ConditionLock([Int]())
    let producers = try (0..<3).map { index in
      try PosixThread.start(name: "producer") {
        for _ in 0..<100 { lock.update { $0.append(index) } }
      }
    }
    var taken = 0
    while taken < 300 {
      taken += lock.wait { values -> Int? in
        guard !values.isEmpty else { return nil }
        defer { values = [] }
        return values.count
      }
    }
    for producer in producers { producer.join() }
    #expect(taken == 300)
    #expect(lock.withLock { $0.isEmpty })
  }

  @Test("give up waiting after the timeout, and not before the value is there")
  func timeout() throws {
    let semaphore = ThreadSemaphore(1)
    #expect(semaphore.wait(timeout: .zero))
    #expect(!semaphore.wait(timeout: .milliseconds(5)))
    #expect(!semaphore.wait(timeout: .seconds(-1)))
    let thread = try PosixThread.start(name: "signal") { semaphore.signal() }
    #expect(semaphore.wait(timeout: .seconds(60)))
    thread.join()
  }

  @Test("pass on what the body throws, and are unlocked after")
  func throwing() {
    let lock = ConditionLock(1)
    #expect(throws: StoreError.self) {
      try lock.update { _ throws(StoreError) in throw StoreError(.cancelled, "no") }
    }
    #expect(lock.withLock { $0 } == 1)
  }
}
