import StorageIO
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

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
    let isDone = ConditionLock(false)
    do { _ = try PosixThread.start(name: "", stackSize: 1) { isDone.update { $0 = true } } }
    isDone.wait { $0 ? () : nil }
  }

  @Test("that join themselves go on")
  func joinSelf() throws {
    let own = Mutex<PosixThread?>(nil)
    let steps = ConditionLock(0)
    let thread = try PosixThread.start(name: "self") {
      steps.wait { $0 == 1 ? () : nil }
      own.withLock { $0 }?.join()
      steps.update { $0 = 2 }
    }
    own.withLock { $0 = thread }
    steps.update { $0 = 1 }
    steps.wait { $0 == 2 ? () : nil }
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
    let count = ConditionLock(1)
    func take(timeout: Duration) -> Bool {
      count.wait(timeout: timeout) { count -> Bool? in
        guard count > 0 else { return nil }
        count -= 1
        return true
      } ?? false
    }
    #expect(take(timeout: .zero))
    #expect(!take(timeout: .milliseconds(5)))
    #expect(!take(timeout: .seconds(-1)))
    let thread = try PosixThread.start(name: "signal") { count.update { $0 += 1 } }
    #expect(take(timeout: .seconds(60)))
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

  #if canImport(Glibc)
    @Test("step back alone")
    func steppingBack() throws {
      let before = getpriority(Int32(PRIO_PROCESS.rawValue), 0)
      let seen = ConditionLock<Int32?>(nil)
      let thread = try PosixThread.start(name: "modest") {
        PosixThread.stepBack()
        let priority = getpriority(Int32(PRIO_PROCESS.rawValue), 0)
        seen.update { $0 = priority }
      }
      thread.join()
      #expect(seen.withLock { $0 } == max(10, before))
      #expect(getpriority(Int32(PRIO_PROCESS.rawValue), 0) == before)
    }
  #endif

  @Test("are not waited for by who no longer wants them")
  func givingUp() throws {
    let lock = ConditionLock(1)
    let (isHeld, mayEnd) = (ConditionLock(false), ConditionLock(false))
    let thread = try PosixThread.start(name: "holder") {
      lock.withLock { value in
        isHeld.update { $0 = true }
        mayEnd.wait { $0 ? () : nil }
        value = 2
      }
    }
    isHeld.wait { $0 ? () : nil }
    var asked = 0
    let nothing: Int? = lock.withLock(
      unless: {
        asked += 1
        return asked == 3
      }, { $0 })
    #expect(nothing == nil && asked == 3)
    mayEnd.update { $0 = true }
    #expect(lock.withLock(unless: { false }, { $0 }) == 2)
    thread.join()
  }
}
