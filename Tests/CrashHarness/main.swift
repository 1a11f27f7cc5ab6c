import CrashImages
import Seamstone
import StoreModel

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

// The process that the crash tests start, talk to through pipes and kill:
//   CrashHarness write STORE ORACLE SEED [KINDS PASSING]
//                                            writes for ever, acknowledging each batch in the oracle; with the last
//                                            two it dies before a call of those kinds (file_calls.h), after that many
//   CrashHarness point STORE ORACLE SEED NAME PASSING
//                                            writes from one thread, and dies at a named moment (NamedKillPoint) when it
//                                            has come that many times before
//   CrashHarness convert STORE ORACLE SEED   the same, while collections are converted and searched
//   CrashHarness lock STORE                  tries to open for writing, prints the error's code
//   CrashHarness read STORE SEED             holds a snapshot, answers a line for each line it reads
//   CrashHarness import STORE ROWS           imports that many rows, prints their number and its memory at most
//   CrashHarness backup STORE DEST           writes and makes backups for ever, prints the count of objects in each
//   CrashHarness poison STORE                makes syncs fail, prints what the store says
// And by itself, for anyone to run:
//   CrashHarness images SEED COUNT           checks that many images of what crashes leave
//   CrashHarness faults SEED STEPS STRIDE    makes every STRIDEth call of that many steps fail, in every way
//   CrashHarness full SEED STEPS             that many steps on a volume without space (needs root)
//   CrashHarness operations SEED COUNT LENGTH   runs that many operations under all sets of options, LENGTH at a time
//   CrashHarness replay SEED LENGTH OPTIONS [POSITIONS]   one of these runs, or only some operations of it
let arguments = CommandLine.arguments
do {
  switch arguments.dropFirst().first {
  case "write" where [5, 7].contains(arguments.count), "convert" where arguments.count == 5:
    if arguments.count == 7 {
      dieAtCall(
        below: arguments[2], kinds: Int32(arguments[5]) ?? 0, passing: Int(arguments[6]) ?? 0)
    }
    try WritingChild(
      path: arguments[2], oraclePath: arguments[3], seed: UInt64(arguments[4]) ?? 0,
      converts: arguments[1] == "convert"
    ).run()
  case "point" where arguments.count == 7:
    guard let point = NamedKillPoint(rawValue: arguments[5]) else {
      say("there are: \(NamedKillPoint.allCases.map(\.rawValue).joined(separator: ", "))")
      exit(64)
    }
    point.dieHere(below: arguments[2], passing: Int(arguments[6]) ?? 0)
    try PointChild(
      path: arguments[2], oraclePath: arguments[3], seed: UInt64(arguments[4]) ?? 0
    ).run()
  case "lock" where arguments.count == 3: lockingChild(arguments[2])
  case "read" where arguments.count == 4:
    try readingChild(arguments[2], seed: UInt64(arguments[3]) ?? 0)
  case "backup" where arguments.count == 4: try backupChild(arguments[2], to: arguments[3])
  case "images" where arguments.count == 4:
    try checkImages(seed: UInt64(arguments[2]) ?? 0, count: Int(arguments[3]) ?? 0)
  case "faults" where arguments.count == 5:
    try tryFaults(
      seed: UInt64(arguments[2]) ?? 0, steps: Int(arguments[3]) ?? 0,
      stride: max(1, Int(arguments[4]) ?? 1))
  case "full" where arguments.count == 4:
    try fillDisk(seed: UInt64(arguments[2]) ?? 0, steps: Int(arguments[3]) ?? 0)
  case "operations" where arguments.count == 5:
    compareOptions(
      seed: UInt64(arguments[2]) ?? 0, count: Int(arguments[3]) ?? 0,
      length: max(1, Int(arguments[4]) ?? 1))
  case "replay" where [5, 6].contains(arguments.count):
    replayOperations(
      seed: UInt64(arguments[2]) ?? 0, length: Int(arguments[3]) ?? 0, options: arguments[4],
      kept: arguments.dropFirst(5).first)
  case "import" where arguments.count == 4:
    try importingChild(arguments[2], rows: Int(arguments[3]) ?? 0)
  case "poison" where arguments.count == 3: try poisonedChild(arguments[2])
  default:
    say(
      "usage: CrashHarness write|point|convert|lock|read|import|backup|poison STORE … | images SEED COUNT "
        + "| faults SEED STEPS STRIDE | full SEED STEPS | operations SEED COUNT LENGTH "
        + "| replay SEED LENGTH OPTIONS [POSITIONS]")
    exit(64)
  }
} catch {
  say("error: \(error)")
  exit(70)
}

/// Prints a line at once.
func say(_ line: String) {
  print(line)
  fflush(nil)
}
