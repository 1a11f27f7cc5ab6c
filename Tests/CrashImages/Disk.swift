/// Files and names, as a program sees them and as the disk has them.
///
/// A file's bytes are sure to be on the disk once it was synced, its name once its directory was. Until then a
/// crash may leave any part of them, in blocks that the disk writes whole or not at all.
package struct Disk {
  enum Node: Equatable {
    case directory
    case file(Int)
  }

  struct NameChange {
    var path: String
    /// Nil where the name goes away.
    var node: Node?
    /// Changes of one call have the same number.
    var call: Int
  }

  private(set) var files: [DiskFile] = []
  private(set) var names: [String: Node] = [:]
  private(set) var durableNames: [String: Node] = [:]
  private(set) var pendingNames: [NameChange] = []
  private var handles: [UInt32: Node] = [:]
  private var directories: [UInt32: String] = [:]
  private var callCount = 0
  /// Grow with what a program sees, and with what is sure to be on the disk.
  private(set) var version = 0
  private(set) var durableVersion = 0
  /// Whether what a failed sync was asked to write reaches the disk nevertheless.
  private let failedSyncsPersist: Bool

  package init(failedSyncsPersist: Bool = true) { self.failedSyncsPersist = failedSyncsPersist }

  /// A disk that holds exactly this.
  package init(_ image: DiskImage, failedSyncsPersist: Bool = true) {
    self.failedSyncsPersist = failedSyncsPersist
    for path in image.directories { names[path] = .directory }
    for (path, bytes) in image.files {
      names[path] = .file(files.count)
      files.append(DiskFile(bytes))
    }
    durableNames = names
  }

  /// Whether something is not sure to be on the disk.
  var hasPending: Bool {
    !pendingNames.isEmpty
      || names.values.contains {
        if case .file(let number) = $0 { !files[number].pending.isEmpty } else { false }
      }
  }

  /// The call was made and has returned.
  package mutating func apply(_ call: FileCall) {
    callCount += 1
    switch call {
    case .open(let handle, let path, let creates, let truncates):
      open(handle, path, creates: creates, truncates: truncates)
    case .write, .resize:
      guard let (file, change) = change(of: call) else { return }
      files[file].apply(change)
      version += 1
      if case .write(_, _, _, true) = call { durableVersion += 1 }
    case .sync(let handle, let isFailed): sync(handle, isFailed: isFailed)
    case .mark: break
    case .rename, .link, .remove, .makeDirectory:
      for change in nameChanges(of: call) { set(change) }
    }
  }

  /// The call was made, and the crash comes before it returns. Only what a crash leaves is right afterwards.
  package mutating func begin(_ call: FileCall) {
    callCount += 1
    switch call {
    case .write(let handle, let offset, let bytes, _):
      let plain = FileCall.write(handle: handle, offset: offset, bytes: bytes, isDurable: false)
      if let (file, change) = change(of: plain) { files[file].begin(change) }
    case .resize:
      if let (file, change) = change(of: call) { files[file].begin(change) }
    case .rename, .link, .remove, .makeDirectory: pendingNames += nameChanges(of: call)
    case .open, .sync, .mark: break
    }
  }

  // MARK: - Calls

  private mutating func open(_ handle: UInt32, _ path: String, creates: Bool, truncates: Bool) {
    if names[path] == nil, creates {
      let node = Node.file(files.count)
      files.append(DiskFile())
      set(NameChange(path: path, node: node, call: callCount))
    } else if truncates, case .file(let number)? = names[path] {
      files[number].apply(.resize(0))
      version += 1
    }
    handles[handle] = names[path]
    // The watched directory itself has the empty path.
    if path.isEmpty || names[path] == .directory { directories[handle] = path }
  }

  private func change(of call: FileCall) -> (file: Int, change: DiskFile.Change)? {
    switch call {
    case .write(let handle, let offset, let bytes, let isDurable):
      guard case .file(let file)? = handles[handle] else { return nil }
      return (file, .write(offset: offset, bytes: bytes, isDurable: isDurable))
    case .resize(let handle, let length):
      guard case .file(let file)? = handles[handle] else { return nil }
      return (file, .resize(length))
    default: return nil
    }
  }

  private mutating func sync(_ handle: UInt32, isFailed: Bool) {
    if let directory = directories[handle] {
      guard !isFailed else { return }
      for change in pendingNames where Self.parent(of: change.path) == directory {
        durableNames[change.path] = change.node
      }
      pendingNames.removeAll { Self.parent(of: $0.path) == directory }
    } else if case .file(let file)? = handles[handle] {
      if isFailed, !failedSyncsPersist { files[file].loseSync() } else { files[file].sync() }
    }
    durableVersion += 1
  }

  private func nameChanges(of call: FileCall) -> [NameChange] {
    switch call {
    case .rename(let old, let new):
      [
        NameChange(path: new, node: names[old], call: callCount),
        NameChange(path: old, node: nil, call: callCount),
      ]
    case .link(let old, let new): [NameChange(path: new, node: names[old], call: callCount)]
    case .remove(let path): [NameChange(path: path, node: nil, call: callCount)]
    case .makeDirectory(let path): [NameChange(path: path, node: .directory, call: callCount)]
    default: []
    }
  }

  private mutating func set(_ change: NameChange) {
    names[change.path] = change.node
    pendingNames.append(change)
    version += 1
  }

  static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }
}
