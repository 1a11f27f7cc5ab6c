#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How much memory this process may use.
package enum SystemMemory {
  /// Bytes: the machine's memory, or the limit of a control group around this process if that is less. nil where
  /// the system does not say.
  package static func limit() -> Int? {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let machine = pages > 0 ? pages * Int(sysconf(Int32(_SC_PAGESIZE))) : nil
    let group = groupLimit(groups: KernelText.text(of: "/proc/self/cgroup"), read: KernelText.text)
    return [machine, group].compactMap { $0 }.min()
  }

  /// The least limit of the memory groups that `/proc/self/cgroup` names, and of those around them. In a container
  /// the names may be the host's, so the top of the tree is looked at as well.
  static func groupLimit(groups: String, read: (String) -> String) -> Int? {
    var least: Int?
    for line in groups.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isUnified = fields[0] == "0" && fields[1].isEmpty
      guard isUnified || fields[1].split(separator: ",").contains("memory") else { continue }
      let root = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
      let file = isUnified ? "memory.max" : "memory.limit_in_bytes"
      var names = fields[2].split(separator: "/")
      while true {
        let path = ([root] + names.map(String.init) + [file]).joined(separator: "/")
        let digits = read(path).prefix { $0.isNumber }
        if let limit = Int(digits) { least = min(least ?? limit, limit) }
        if names.isEmpty { break }
        names.removeLast()
      }
    }
    return least
  }
}
