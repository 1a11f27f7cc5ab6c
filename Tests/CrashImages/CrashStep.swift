import Seamstone
import StoreModel

/// One call, or a few, on the store, in a single thread, so that the same script makes the same calls to the system.
package enum CrashStep: Sendable, CustomStringConvertible {
  /// Opens the store, or closes it and opens it again.
  case reopen
  case create(String, CollectionConfiguration)
  case drop(String)
  case batch(UInt64, writer: Int)
  /// Some objects for the collection that comes and goes.
  case scratch(UInt64)
  case work(isIdle: Bool)
  case compact(writer: Int, full: Bool)
  case reconfigure(writer: Int, IndexConfiguration, VectorEncoding)
  case index(writer: Int, isThere: Bool)

  /// Whether it is several commits, so that a failure may come after the first of them.
  var isStepwise: Bool {
    if case .index = self { true } else { false }
  }

  package var description: String {
    switch self {
    case .reopen: "reopen"
    case .create(let name, _): "create \(name)"
    case .drop(let name): "drop \(name)"
    case .batch(let number, let writer): "batch \(number) of writer \(writer)"
    case .scratch(let number): "scratch \(number)"
    case .work(let isIdle): isIdle ? "idle work" : "work"
    case .compact(let writer, let full): "compact \(writer)\(full ? " fully" : "")"
    case .reconfigure(let writer, let index, let encoding):
      "make \(writer) \(index.name) of \(encoding)"
    case .index(let writer, let isThere): "\(isThere ? "index" : "no index") of \(writer)"
    }
  }
}
