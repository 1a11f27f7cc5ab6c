import Seamstone
import TestSupport

/// Drives a store and a model of it with the same operations and compares them on the way.
///
/// Every exact answer must be the model's, bit for bit, whatever the options: so the exact answers of any
/// two runs of the same operations are equal, too.
package struct OperationRun {
  let options: RunOptions
  /// Where stores are; killed ones leave their place to a copy.
  private let directory: String
  private var generation = 0
  var store: Store
  var models: [String: ModelCollection] = [:]
  var held: [(snapshot: Snapshot, models: [String: ModelCollection])] = []
  /// Objects take their ids from as many.
  let idRange: Int
  /// What is wrong with the model, to see that it is found.
  private let defect: PlantedDefect?
  static let names = ["left", "right"]
  /// What the searches by index found.
  package internal(set) var recall = BeamRecall()

  /// Begins with two empty collections in a directory that is there.
  package init(
    _ options: RunOptions, in directory: String, idRange: Int = 700, defect: PlantedDefect? = nil
  ) throws {
    self.options = options
    self.directory = directory
    self.idRange = idRange
    self.defect = defect
    store = try Store.open(at: FilePath(directory + "/0.seam"), options: options.store)
    for name in Self.names {
      _ = try store.createCollection(name, options.configuration)
      models[name] = options.emptyModel
      try fill(name)
    }
  }

  /// Writes what is there before the first operation, and brings it to rest.
  private mutating func fill(_ name: String) throws {
    guard options.initialRows > 0 else { return }
    var random = SeededGenerator(seed: 9)
    let objects = (0..<options.initialRows).map { number in
      VectorObject(id: .int(Int64(number)), value: query(&random), properties: ["n": 1])
    }
    try store.collection(name).upsert(objects)
    models[name]?.upsert(objects)
    try store.collection(name).compact(full: true)
  }

  /// Runs the operations and then compares everything, after a reopening and a compaction as well; a
  /// failure names the operation.
  package mutating func run(_ operations: [StoreOperation]) throws {
    for operation in operations {
      do {
        try stepMakingRoom(operation)
      } catch {
        throw ModelMismatch("at \(operation): \(error)")
      }
    }
    do {
      try finish(SeededGenerator(seed: 5))
    } catch {
      throw ModelMismatch("at the end: \(error)")
    }
  }

  /// Runs one operation. A map that is full says that the snapshots which are held keep it from growing, and has
  /// changed nothing: without them the same operation works.
  private mutating func stepMakingRoom(_ operation: StoreOperation) throws {
    do {
      try step(operation)
    } catch let error as StoreError where error.code == .mapFull && !held.isEmpty {
      var random = SeededGenerator(seed: operation.seed)
      while !held.isEmpty { try compareHeld(&random) }
      try step(operation)
    }
  }

  /// Runs one operation.
  package mutating func step(_ operation: StoreOperation) throws {
    var random = SeededGenerator(seed: operation.seed)
    switch operation.kind {
    case .upsertFew: try upsert(Int.random(in: 1...12, using: &random), &random)
    case .upsertMany: try upsert(Int.random(in: 60...150, using: &random), &random)
    case .delete: try delete(&random)
    case .updateProperties: try updateProperties(&random)
    case .batch: try batch(&random)
    case .refusedBatch: try refuseBadBatch(&random)
    case .searchExact:
      let limit = Int.random(in: 0...25, using: &random)
      try subject(&random).checkExact(query(&random), limit: limit)
    case .searchByIndex: recall += try subject(&random).recall(query(&random), limit: 10)
    case .searchFiltered:
      let n = Int.random(in: 0..<12, using: &random)
      try subject(&random).checkFiltered(query(&random), limit: 7, n: n)
    case .compareObject: try subject(&random).checkObject(id(&random))
    case .compareAll: try compareAll(&random)
    case .holdSnapshot: if held.count < 3 { held.append((try store.snapshot(), models)) }
    case .compareSnapshot: if !held.isEmpty { try compareHeld(&random) }
    case .work: try store.runBackgroundWork(isIdle: false)
    case .workIdle: try store.runBackgroundWork(isIdle: true)
    case .compact: try collection(&random).compact()
    case .compactFully: try collection(&random).compact(full: true)
    case .convert: try convert(options.other.index, options.other.encoding, &random)
    case .convertBack: try convert(options.index, options.encoding, &random)
    case .indexProperty: try collection(&random).createPropertyIndex("n")
    case .dropPropertyIndex: try dropPropertyIndex(&random)
    case .reopen: try reopen(&random)
    case .kill: try kill(&random)
    }
    if let defect { defect.apply(after: operation, to: &models) }
  }

  private mutating func finish(_ random: SeededGenerator) throws {
    var random = random
    while !held.isEmpty { try compareHeld(&random) }
    try compareAll(&random)
    try reopen(&random)
    for name in Self.names { try store.collection(name).compact(full: true) }
    try compareAll(&random)
    let report = try store.verify(deep: true)
    guard report.findings.isEmpty else {
      throw ModelMismatch("verify found \(report.findings)")
    }
    store.close()
    if recall.wide.expected >= 200 { try recall.requireWide(options.floor) }
  }

  /// Encodings that are trained refuse collections with too few vectors.
  private func convert(
    _ index: IndexConfiguration, _ encoding: VectorEncoding, _ random: inout SeededGenerator
  ) throws {
    do {
      try collection(&random).reconfigure(index: index, encoding: encoding)
    } catch let error as StoreError {
      guard error.code == .invalidConfiguration, case .pq = encoding else { throw error }
    }
  }

  /// There may be none.
  private func dropPropertyIndex(_ random: inout SeededGenerator) throws {
    do {
      try collection(&random).dropPropertyIndex("n")
    } catch let error as StoreError {
      guard error.code == .notFound else { throw error }
    }
  }

  // MARK: - Opening

  private mutating func reopen(_ random: inout SeededGenerator) throws {
    while !held.isEmpty { try compareHeld(&random) }
    store.close()
    store = try Store.open(at: place, options: options.store)
  }

  private var place: FilePath { FilePath("\(directory)/\(generation).seam") }

  /// Goes on with what the files hold at this moment, as after a `kill -9`: the system keeps what was
  /// written, synced or not. Work in the background would change them while they are copied.
  private mutating func kill(_ random: inout SeededGenerator) throws {
    guard case .manual = options.store.backgroundWork else { return try reopen(&random) }
    let old = place
    generation += 1
    try TemporaryDirectory.copyTree(
      "\(old)", to: "\(place)", except: ["lock.mdb", "writer.lock"])
    let other = try Store.open(at: place, options: options.store)
    while !held.isEmpty { try compareHeld(&random) }
    store.close()
    TemporaryDirectory.removeTree("\(old)")
    store = other
  }
}
