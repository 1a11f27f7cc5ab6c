import StorageIO
import Synchronization
import TestSupport
import Testing

@testable import ObjectStorage

/// Closing an environment while other threads end their transactions: the last one to leave must not
/// touch what closing frees.
@Suite struct ClosingConcurrencyTests {
  @Test func transactionsMayEndWhileTheEnvironmentIsClosed() throws {
    for _ in 0..<60 {
      let directory = try TemporaryDirectory()
      let environment = try LMDBEnvironment.open(directory: directory.path)
      _ = try environment.write { (transaction) throws(StoreError) in
        try environment.createCatalog(in: transaction)
      }
      let began = Atomic<Int>(0)
      var threads: [PosixThread] = []
      for _ in 0..<4 {
        threads.append(
          try PosixThread.start(name: "reader") {
            while let transaction = try? environment.beginRead() {
              began.add(1, ordering: .relaxed)
              transaction.end()
            }
          })
      }
      while began.load(ordering: .relaxed) < 20 {}
      try environment.close()
      for thread in threads { thread.join() }
      #expect(throws: StoreError.self) { try environment.beginRead() }
      // Closed for good: the directory can be opened again while the old object lives.
      let again = try LMDBEnvironment.open(directory: directory.path)
      try again.close()
    }
  }
}
