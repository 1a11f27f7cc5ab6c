import Seamstone
import StoreModel

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

// The process that the crash tests start, talk to through pipes and kill:
//   CrashHarness write STORE ORACLE SEED     writes for ever, acknowledging each batch in the oracle
//   CrashHarness lock STORE                  tries to open for writing, prints the error's code
//   CrashHarness read STORE SEED             holds a snapshot, answers a line for each line it reads
//   CrashHarness backup STORE DEST           writes and makes backups for ever, prints the count of objects in each
//   CrashHarness poison STORE                makes syncs fail, prints what the store says
let arguments = CommandLine.arguments
do {
  switch arguments.dropFirst().first {
  case "write" where arguments.count == 5:
    try WritingChild(
      path: arguments[2], oraclePath: arguments[3], seed: UInt64(arguments[4]) ?? 0
    ).run()
  case "lock" where arguments.count == 3: lockingChild(arguments[2])
  case "read" where arguments.count == 4:
    try readingChild(arguments[2], seed: UInt64(arguments[3]) ?? 0)
  case "backup" where arguments.count == 4: try backupChild(arguments[2], to: arguments[3])
  case "poison" where arguments.count == 3: try poisonedChild(arguments[2])
  default:
    say("usage: CrashHarness write|lock|read|backup|poison STORE …")
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
