import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Writes the seeds of the fuzzers: `MakeCorpus DIRECTORY`.
@main
enum MakeCorpus {
  static func main() {
    guard CommandLine.arguments.count == 2 else {
      print("usage: MakeCorpus DIRECTORY")
      exit(64)
    }
    do {
      try write(to: CommandLine.arguments[1])
    } catch {
      print(error)
      exit(74)
    }
  }

  private static func write(to directory: String) throws(StoreError) {
    let fileSystem = PosixFileSystem()
    let segments = "\(directory)/segment"
    try fileSystem.makeDirectory(segments)
    for (name, bytes) in try SegmentSamples.all(in: segments) {
      // The larger ones only slow the fuzzer down.
      guard bytes.count <= 4096 else { continue }
      let file = try fileSystem.createFile("\(segments)/\(name)", truncating: true)
      try bytes.withRawBytes { raw throws(StoreError) in try file.append(raw) }
      try file.close()
    }
  }
}
