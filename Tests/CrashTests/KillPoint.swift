import CFileCalls
import TestSupport

/// A place in the code where a process dies, named by the call to the system that it is about to make.
struct KillPoint {
  let kinds: Int
  /// How many such calls it makes before.
  let passing: Int

  /// Before a segment is synced or LMDB is, before a file gets its name, before files are created or removed:
  /// and so after the calls before them, and between two of the same kind.
  private static let places: [(kinds: Int, most: Int)] = [
    (Int(FILE_CALL_SYNC), 60), (Int(FILE_CALL_RENAME), 6), (Int(FILE_CALL_REMOVE), 6),
    (Int(FILE_CALL_OPEN), 30), (Int(FILE_CALL_RESIZE | FILE_CALL_MAP), 20),
    (Int(FILE_CALL_RENAME | FILE_CALL_REMOVE | FILE_CALL_OPEN | FILE_CALL_SYNC), 80),
    (Int(FILE_CALL_ALL), 600),
  ]

  static func random(_ random: inout SeededGenerator) -> KillPoint {
    let place = places[Int.random(in: 0..<places.count, using: &random)]
    return KillPoint(
      kinds: place.kinds, passing: Int.random(in: 0...place.most, using: &random))
  }

  /// For the child's command line.
  var arguments: [String] { ["\(kinds)", "\(passing)"] }
}
