import CFileCalls

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A moment in the making of a store or of a segment at which a process dies. Each is told by the calls to the system
/// that come around it, so nothing of it stands in the library itself.
package enum NamedKillPoint: String, CaseIterable, Sendable {
  /// The first data file is complete and has not got its name.
  case storeUnnamed = "store-unnamed"
  /// All of a segment is written, nothing of it synced.
  case segmentWritten = "segment-written"
  /// A segment is synced and has its temporary name.
  case segmentSynced = "segment-synced"
  /// A segment has its name, which is not synced.
  case segmentRenamed = "segment-renamed"
  /// A segment has its name for good; nothing of the commit that puts it into the manifest is written.
  case beforeManifestCommit = "before-manifest-commit"
  /// That commit's pages are on the disk, the meta page that makes them count is not.
  case withinManifestCommit = "within-manifest-commit"
  /// The meta page is on the disk; nothing was done after it.
  case afterManifestCommit = "after-manifest-commit"
  /// The first of the segments that a merge has replaced is about to be removed.
  case beforeUnlinks = "before-unlinks"
  /// One of the segments that a merge has replaced is removed, another is not.
  case betweenUnlinks = "between-unlinks"

  /// The calls whose last one is never made.
  private var moments: [(kinds: Int, ending: String)] {
    let renaming = (Int(FILE_CALL_RENAME), ".seg")
    let changes = Int(
      FILE_CALL_OPEN | FILE_CALL_WRITE | FILE_CALL_SYNC | FILE_CALL_RESIZE | FILE_CALL_RENAME
        | FILE_CALL_REMOVE)
    // A commit writes pages, syncs them, and writes the meta page through a descriptor that syncs by itself.
    let (page, sync) = ((Int(FILE_CALL_WRITE), "data.mdb"), (Int(FILE_CALL_SYNC), "data.mdb"))
    return switch self {
    case .storeUnnamed: [(Int(FILE_CALL_RENAME), "data.mdb")]
    case .segmentWritten: [(Int(FILE_CALL_SYNC), ".seg.tmp")]
    case .segmentSynced: [(Int(FILE_CALL_SYNC), ".seg.tmp"), renaming]
    case .segmentRenamed: [renaming, (Int(FILE_CALL_SYNC), "segments")]
    case .beforeManifestCommit: [renaming, page]
    case .withinManifestCommit: [renaming, page, sync, page]
    case .afterManifestCommit: [renaming, page, sync, page, (changes, "")]
    case .beforeUnlinks: [renaming, page, sync, page, (Int(FILE_CALL_REMOVE), ".seg")]
    case .betweenUnlinks:
      [
        renaming, page, sync, page, (Int(FILE_CALL_REMOVE), ".seg"),
        (Int(FILE_CALL_REMOVE), ".seg"),
      ]
    }
  }

  /// Has this process die there, once it has come by `passing` times; before that it prints what the calls were.
  package func dieHere(below path: String, passing: Int) {
    // The endings must stay where they are.
    let moments = moments.map { moment in
      file_moment(kinds: Int32(moment.kinds), ending: strdup(moment.ending))
    }
    file_calls_watch(path)
    file_calls_die(moments, Int32(moments.count), passing, 1)
  }

  /// Compares the story of a process that died here with what it left: the names of the files in `segments`, and of
  /// those that the manifests name (nil: there is no data file). Answers what contradicts it; nil if nothing does.
  package func contradiction(story: String, files: [String], named: Set<String>?) -> String? {
    let calls = story.split(separator: ",").map { $0.split(separator: " ") }
    let paths = calls.compactMap { $0.last.map(String.init) }
    guard calls.count == moments.count else { return "the calls were \(story)" }
    let hasTemporary = files.contains { $0.hasSuffix(".tmp") }
    func isThere(_ path: String?) -> Bool { files.contains { path?.hasSuffix($0) == true } }
    func isNamed(_ path: String?) -> Bool {
      named?.contains { path?.hasSuffix($0) == true } == true
    }
    let isRight =
      switch self {
      case .storeUnnamed: named == nil && files.contains("data.mdb")
      case .segmentWritten, .segmentSynced: hasTemporary
      case .segmentRenamed:
        !hasTemporary && isThere(paths.first) && !isNamed(paths.first)
      case .beforeManifestCommit, .withinManifestCommit:
        isThere(paths.first) && !isNamed(paths.first)
      case .afterManifestCommit: isThere(paths.first) && isNamed(paths.first)
      case .beforeUnlinks:
        isNamed(paths.first) && isThere(paths.last) && !isNamed(paths.last)
      case .betweenUnlinks:
        isNamed(paths.first) && isThere(paths.last) && !isNamed(paths.last)
          && !isThere(paths.dropLast().last)
      }
    return isRight
      ? nil : "\(files) with \(named?.sorted() ?? []) in the manifests, after: \(story)"
  }
}
