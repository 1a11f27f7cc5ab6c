import CFuzzerABI

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The fuzzers that need the whole library, in one program, so that it is linked once: the first argument
/// names the target, the others are libFuzzer's.
@main
enum FuzzStore {
  /// What bytes can be given to, by name.
  static let targets: [String: @Sendable ([UInt8]) -> Void] = [
    "records": RecordTarget.check,
    "filter": FilterTarget.check,
    "imports": ImportTarget.check,
    "operations": OperationTarget.check,
    "artifacts": ArtifactTarget.check,
  ]

  nonisolated(unsafe) private static var check: ([UInt8]) -> Void = { _ in }

  static func main() {
    let names = targets.keys.sorted().joined(separator: "|")
    guard CommandLine.argc > 1, let target = targets[CommandLine.arguments[1]] else {
      print("usage: FuzzStore \(names) [options of libFuzzer]")
      exit(64)
    }
    check = target
    var argc = CommandLine.argc - 1
    var argv = CommandLine.unsafeArgv + 1
    argv[0] = CommandLine.unsafeArgv[0]
    exit(
      LLVMFuzzerRunDriver(&argc, &argv) { data, size in
        FuzzStore.check(Array(UnsafeRawBufferPointer(start: data, count: size)))
        return 0
      })
  }
}
