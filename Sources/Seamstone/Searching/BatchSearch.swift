import ObjectStorage
import StorageIO
import Synchronization
import VectorMath

/// Answers many queries on several threads from one version of a collection.
struct BatchSearch {
  let collection: Collection
  let limit: Int
  let ef: Int?
  let filter: Filter?
  let isExact: Bool
  let content: CollectionReader.Content

  /// Each thread holds one of the reader slots, of which there are a thousand by default.
  private static let mostThreads = 256

  private typealias Answer = Result<[SearchHit<VectorObject>], StoreError>

  func run(
    _ vectors: [VectorValue], threads: Int
  ) throws(StoreError) -> [[SearchHit<VectorObject>]] {
    let workers = max(1, min(threads, vectors.count, Self.mostThreads))
    let core = collection.core
    let name = collection.name
    // Every worker reads the same version, each through a transaction of its own.
    var readers: [(ReadTransaction, CollectionState)] = []
    defer { for (transaction, _) in readers { transaction.end() } }
    for _ in 0..<workers {
      let (transaction, state) = try core.capture()
      guard let collection = state.collections[collection.number] else {
        transaction.end()
        throw StoreError.collectionDropped(name)
      }
      readers.append((transaction, collection))
    }
    // Commits may have come in between: whoever has another version than the last one does not take part.
    let version = readers.last?.0.transactionID
    for (transaction, _) in readers where transaction.transactionID != version { transaction.end() }
    readers.removeAll { $0.0.transactionID != version }
    if readers.count == 1 {
      return try vectors.map { (v) throws(StoreError) in try answer(v, readers[0]) }
    }
    return try inParallel(vectors, readers)
  }

  private func inParallel(
    _ vectors: [VectorValue], _ readers: [(ReadTransaction, CollectionState)]
  ) throws(StoreError) -> [[SearchHit<VectorObject>]] {
    let next = Atomic<Int>(0)
    let answers = ConditionLock([Int: Answer](minimumCapacity: vectors.count))
    let failed = Atomic<Bool>(false)
    ParallelWork.run(count: readers.count) { worker in
      var own: [(Int, Answer)] = []
      while !failed.load(ordering: .relaxed) {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < vectors.count else { break }
        do throws(StoreError) {
          own.append((index, .success(try answer(vectors[index], readers[worker]))))
        } catch {
          own.append((index, .failure(error)))
          failed.store(true, ordering: .relaxed)
        }
      }
      answers.withLock { for (index, answer) in own { $0[index] = answer } }
    }
    var results: [[SearchHit<VectorObject>]] = []
    results.reserveCapacity(vectors.count)
    let all = answers.withLock { $0 }
    for index in vectors.indices {
      guard let answer = all[index] else { continue }
      results.append(try answer.get())
    }
    return results
  }

  private func answer(
    _ vector: VectorValue, _ reader: (ReadTransaction, CollectionState)
  ) throws(StoreError) -> [SearchHit<VectorObject>] {
    try CollectionReader(
      state: reader.1, transaction: reader.0, contexts: collection.core.contexts
    ).search(
      SearchRequest(vector: vector, limit: limit, ef: ef, filter: filter, isExact: isExact),
      including: content)
  }
}
