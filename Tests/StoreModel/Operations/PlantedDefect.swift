import Seamstone
import TestSupport

/// A defect put in on purpose, into the model instead of the store, to see that a run finds it and how
/// few operations are left of it.
package enum PlantedDefect: CaseIterable, Sendable {
  /// Objects whose number ends in 7 come to nothing when many are written at once.
  case losesOfMany
  /// An idle step of work brings properties back that were updated.
  case forgetsUpdates
  /// Compaction drops an object without a vector.
  case dropsVectorless
  /// After a reopening one vector is another.
  case changesAVector
  /// A batch leaves the first of its objects out.
  case cutsABatch

  func apply(after operation: StoreOperation, to models: inout [String: ModelCollection]) {
    guard var model = models["left"] else { return }
    func first(_ test: (ModelCollection.Entry) -> Bool) -> ObjectID? {
      model.entries.filter { test($0.value) }.min { $0.value.age < $1.value.age }?.key
    }
    switch (self, operation.kind) {
    case (.losesOfMany, .upsertMany):
      model.delete(model.entries.keys.filter { "\($0)".hasSuffix("7") })
    case (.forgetsUpdates, .workIdle):
      if let id = first({ $0.properties["n"] == 5 }) {
        model.updateProperties(of: id, to: ["n": 6])
      }
    case (.dropsVectorless, .compact), (.dropsVectorless, .compactFully):
      if let id = first({ $0.vector == nil }) { model.delete([id]) }
    case (.changesAVector, .reopen):
      if let id = first({ $0.vector != nil }), let entry = model.entries[id] {
        model.upsert([
          VectorObject(
            id: id, value: entry.vector.map { Self.other($0) }, properties: entry.properties)
        ])
      }
    case (.cutsABatch, .batch):
      if let id = model.entries.max(by: { $0.value.age < $1.value.age })?.key { model.delete([id]) }
    default: return
    }
    models["left"] = model
  }

  private static func other(_ vector: VectorValue) -> VectorValue {
    switch vector {
    case .floats(let components): .floats(components.map { $0 + 0.5 })
    case .bits(let bytes): .bits(bytes.map { ~$0 })
    }
  }
}
