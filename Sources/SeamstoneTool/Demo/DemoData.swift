#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where the data of the demo are; see `DemoData/README.md`.
struct DemoData {
  let folder: String

  var words: String { folder + "/words.npy" }
  var wordObjects: String { folder + "/words.jsonl.gz" }
  var queries: String { folder + "/queries.npy" }
  var queryObjects: String { folder + "/queries.jsonl.gz" }

  /// The first of these that holds the data: `given`, the environment, beside the executable, in the
  /// checkout it was built from. Nothing else is tried once `given` is.
  static func find(_ given: String?) throws(ToolError) -> DemoData {
    var folders: [String] = []
    if let given {
      folders = [given]
    } else {
      if let named = Terminal.environment("SEAMSTONE_DEMO_DATA") { folders.append(named) }
      let beside = directory(of: Executable.path)
      folders += [beside + "/DemoData", beside + "/../share/seamstone/DemoData"]
      folders.append(directory(of: directory(of: "\(#filePath)")) + "/DemoData")
    }
    for folder in folders where unsafe access(folder + "/words.npy", R_OK) == 0 {
      return DemoData(folder: folder)
    }
    throw ToolError(
      .notFound, "The demo's data are not in \(folders.joined(separator: ", nor in "))",
      remedy: "Give their folder with --data; it is Sources/SeamstoneTool/DemoData in a checkout")
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
