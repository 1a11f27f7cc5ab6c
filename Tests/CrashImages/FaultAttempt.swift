import CFileCalls
import Seamstone
import StorageIO
import StoreModel

/// Some steps of a script during which one fault comes, and everything that the store owes its user then.
struct FaultAttempt {
  let script: CrashScript
  let path: FilePath
  let steps: Range<Int>
  /// Where it is, for messages.
  private(set) var place = "opening"
  /// What the store said about the fault; nil if it said nothing.
  private(set) var code: StoreError.Code?
  private(set) var hasHappened = false

  /// The codes that tell of a failing system.
  private static let honest: Set<StoreError.Code> = [
    .noSpace, .io, .outcomeUnknown, .poisoned,
  ]

  init(script: CrashScript, path: FilePath, steps: Range<Int>) {
    self.script = script
    self.path = path
    self.steps = steps
  }

  mutating func run() throws {
    var store = try open()
    defer { store.close() }
    for step in steps {
      place = "step \(step + 1) (\(script.steps[step]))"
      if case .reopen = script.steps[step] {
        store.close()
        store = try open()
      }
      do {
        try script.perform(script.steps[step], on: store)
      } catch let error as StoreError {
        try note(error)
        store = try recover(store, from: error, step)
      }
    }
    place = "the end"
    hasHappened = CallFault.hasHappened
    CallFault.disarm()
    try find([steps.upperBound], in: store)
    place = "the last opening"
    store.close()
    store = try Store.open(at: path, options: script.options)
    try find([steps.upperBound], in: store)
    try StateChecker(store, seed: 1).checkFiles()
    try StateChecker(store, seed: 1).verify()
  }

  /// A store whose opening failed opens as soon as calls succeed again.
  private mutating func open() throws -> Store {
    do {
      return try Store.open(at: path, options: script.options)
    } catch {
      try note(error)
      CallFault.disarm()
      return try Store.open(at: path, options: script.options)
    }
  }

  /// Takes an error that a fault explains.
  private mutating func note(_ error: StoreError) throws {
    guard CallFault.hasHappened else { throw error }
    guard Self.honest.contains(error.code) else {
      throw ModelMismatch("the error does not tell of a failing system: \(error)")
    }
    if code == nil || error.code == .outcomeUnknown { code = error.code }
  }

  /// Gets the step done in spite of the error, as a user would; answers the store to go on with.
  private mutating func recover(_ failed: Store, from error: StoreError, _ step: Int) throws
    -> Store
  {
    if let store = try insist(failed, step) { return store }
    hasHappened = true
    CallFault.disarm()
    guard error.code == .outcomeUnknown || error.code == .poisoned || failed.poisonedBy != nil
    else {
      // Nothing was done, or where a step is several commits some of it; and now the same call succeeds.
      let states = script.steps[step].isStepwise ? [step, step + 1] : [step]
      try find(states, in: failed)
      try again(step, on: failed)
      return failed
    }
    try requireRefusal(failed)
    failed.close()
    let store = try Store.open(at: path, options: script.options)
    if try find([step + 1, step], in: store) == step { try again(step, on: store) }
    return store
  }

  /// Calls once more while calls may still fail; answers the store if it succeeds.
  private mutating func insist(_ store: Store, _ step: Int) throws -> Store? {
    guard store.poisonedBy == nil else { return nil }
    do {
      try again(step, on: store)
      return store
    } catch let error as StoreError {
      try note(error)
      return nil
    }
  }

  private func again(_ step: Int, on store: Store) throws {
    do {
      try script.perform(script.steps[step], on: store)
    } catch let error as StoreError where error.code == .notFound && script.steps[step].isStepwise {
      // It was dropped before.
    }
  }

  /// A store that cannot know what is on the disk says so, and takes nothing more.
  private func requireRefusal(_ store: Store) throws {
    do {
      _ = try store.createCollection("refused", CrashScript.scratchConfiguration)
    } catch {
      guard error.code == .poisoned else {
        throw ModelMismatch("a poisoned store refuses writes with \(error)")
      }
      return
    }
    throw ModelMismatch("a store whose state is unknown accepts writes")
  }

  @discardableResult
  private func find(_ states: [Int], in store: Store) throws -> Int {
    var checker = StateChecker(store, seed: 1)
    return try checker.find(states, of: script)
  }
}
