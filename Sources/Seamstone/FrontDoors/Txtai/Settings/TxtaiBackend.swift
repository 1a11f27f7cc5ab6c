import JSONText

/// What searches, by the name that configurations use.
enum TxtaiBackend: Hashable, Sendable {
  case faiss
  case hnsw
  case annoy
  case numpy
  case torch
  /// One that was registered, by its full name.
  case custom(String)

  /// The names of those that are served, and of one that needs a server.
  static let names = ["faiss", "hnsw", "annoy", "numpy", "torch", "pgvector"]
  /// txtai's others.
  static let unavailable = ["ggml", "milvus", "sqlite", "turbovec", "zvec"]
  /// Names of txtai's own classes, which are backends by another name.
  private static let classes = [
    "txtai.ann.Faiss": faiss, "txtai.ann.HNSW": hnsw, "txtai.ann.Annoy": annoy,
    "txtai.ann.NumPy": numpy, "txtai.ann.Torch": torch,
  ]

  /// The backend of a name; nil for anything else.
  init?(_ name: String, registered: [TxtaiBackendType]) {
    switch name {
    case "faiss": self = .faiss
    case "hnsw": self = .hnsw
    case "annoy": self = .annoy
    case "numpy": self = .numpy
    case "torch": self = .torch
    default:
      if registered.contains(where: { $0.name == name }) {
        self = .custom(name)
      } else if let known = TxtaiBackend.classes[name] {
        self = known
      } else {
        return nil
      }
    }
  }

  /// Why a name is none that can be used.
  static func problem(_ name: String, registered: [TxtaiBackendType]) -> String {
    let name = JSONScanner.excerpt(name)
    if name == "pgvector" || name == "txtai.ann.PGVector" {
      return
        "backend is \"\(name)\": it needs a connection to PostgreSQL with the extension pgvector, which "
        + "this release does not have. Use hnsw, which searches the same kind of graph in this process"
    }
    if unavailable.contains(name) {
      return "backend is \"\(name)\": txtai has it, but it is not available here. Use "
        + names.dropLast().joined(separator: ", ")
    }
    let known = names + registered.map(\.name)
    let remedy = NearestName.remedy(for: name, among: known)
    if name.contains(".") {
      return "backend is \"\(name)\": no type of this name is registered (\(remedy)). Register a "
        + "TxtaiBackendType"
    }
    return "unknown backend \"\(name)\" (\(remedy))"
  }
}
