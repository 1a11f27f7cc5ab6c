import Seamstone
import StoreModel

/// What a store must hold after some steps of a script.
package struct ExpectedState: Sendable {
  struct Expectation: Sendable {
    var model: ModelCollection
    var configuration: CollectionConfiguration
    var isIndexed = false
  }

  private(set) var collections: [String: Expectation] = [:]

  mutating func apply(_ step: CrashStep, _ script: CrashScript) {
    switch step {
    case .reopen, .work, .compact: break
    case .create(let name, let configuration):
      collections[name] = Expectation(
        model: ModelCollection(
          metric: configuration.metric, elementType: configuration.elementType),
        configuration: configuration)
    case .drop(let name): collections[name] = nil
    case .batch(let number, let writer):
      let batch = script.workload.batch(number, writer: writer)
      change(CrashWorkload.collectionName(writer)) { script.workload.apply(batch, to: &$0.model) }
      change(CrashWorkload.journal) { $0.model.upsert([batch.journalEntry]) }
    case .scratch(let number):
      change(CrashScript.scratch) { $0.model.upsert(script.scratchObjects(number)) }
    case .reconfigure(let writer, let index, let encoding):
      change(CrashWorkload.collectionName(writer)) {
        $0.configuration.index = index
        $0.configuration.encoding = encoding
      }
    case .index(let writer, let isThere):
      change(CrashWorkload.collectionName(writer)) { $0.isIndexed = isThere }
    }
  }

  /// Whether a store in this state becomes another one by a step.
  func isChanged(by step: CrashStep) -> Bool {
    switch step {
    case .reopen, .work, .compact: return false
    case .create, .drop, .batch, .scratch, .index: return true
    case .reconfigure(let writer, let index, let encoding):
      let now = collections[CrashWorkload.collectionName(writer)]?.configuration
      return now?.index != index || now?.encoding != encoding
    }
  }

  private mutating func change(_ name: String, _ body: (inout Expectation) -> Void) {
    guard var expectation = collections.removeValue(forKey: name) else { return }
    body(&expectation)
    collections[name] = expectation
  }
}
