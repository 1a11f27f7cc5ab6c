import TestSupport

extension Disk {
  /// What a crash leaves now. The same generator leaves the same.
  package func image(_ kind: CrashKind, random: inout SeededGenerator) -> DiskImage {
    switch kind {
    case .everything: return image(names) { $0.current }
    case .nothing: return image(durableNames) { $0.remains(blockSize: 4096) { _ in .dropped } }
    case .someBlocks, .someSectors: break
    }
    let isJournaled = kind == .someBlocks
    let names = isJournaled ? journaledNames(&random) : independentNames(&random)
    // Few, many, or half of the blocks are kept: all three find other things.
    let share = [0.1, 0.5, 0.9].randomElement(using: &random) ?? 0.5
    var generator = random
    let image = image(names) { file in
      file.remains(blockSize: isJournaled ? 4096 : 512) { offset in
        if Double.random(in: 0..<1, using: &generator) < share { return .kept }
        // A disk writes a sector whole or not at all, and LMDB counts on that for its two meta pages.
        let mayBeGarbage = !isJournaled && offset >= 8192
        guard mayBeGarbage, Int.random(in: 0..<4, using: &generator) == 0 else { return .dropped }
        return .garbage(UInt8.random(in: 0...255, using: &generator))
      }
    }
    random = generator
    return image
  }

  private func image(_ names: [String: Node], _ content: (DiskFile) -> [UInt8]) -> DiskImage {
    var image = DiskImage()
    for (path, node) in names.sorted(by: { $0.key < $1.key }) {
      let parent = Self.parent(of: path)
      // What lies in a directory that is not there is not there either.
      guard parent.isEmpty || image.directories.contains(parent) else { continue }
      switch node {
      case .directory: image.directories.append(path)
      case .file(let number): image.files.append((path, content(files[number])))
      }
    }
    return image
  }

  private func journaledNames(_ random: inout SeededGenerator) -> [String: Node] {
    var names = durableNames
    guard let first = pendingNames.first?.call, let last = pendingNames.last?.call else {
      return names
    }
    let end = Int.random(in: first...(last + 1), using: &random)
    for change in pendingNames where change.call < end { names[change.path] = change.node }
    return names
  }

  private func independentNames(_ random: inout SeededGenerator) -> [String: Node] {
    var names = durableNames
    var stopped: Set<String> = []
    for change in pendingNames where !stopped.contains(change.path) {
      if Bool.random(using: &random) {
        names[change.path] = change.node
      } else {
        stopped.insert(change.path)
      }
    }
    return names
  }
}
