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
    let segments = "\(directory)/segment"
    try PosixFileSystem().makeDirectory(segments)
    try write(try SegmentSamples.all(in: segments), to: segments)
    try write(EncodingSamples.encodings(), to: "\(directory)/encoding")
    try write(EncodingSamples.indexes(), to: "\(directory)/index")
    try write(try StoreSamples.records(), to: "\(directory)/records")
    try write(StoreSamples.filters(), to: "\(directory)/filter")
    try write(EncodingSamples.artifacts(), to: "\(directory)/artifacts")
    try write(StoreSamples.operations(), to: "\(directory)/operations")
    let fixtures = "\(directory)/../TestLibrary/VectorFilesTests/Fixtures"
    try write(try StoreSamples.imports(fixtures: fixtures), to: "\(directory)/imports")
  }

  private static func write(
    _ samples: [(String, [UInt8])], to directory: String
  ) throws(StoreError) {
    let fileSystem = PosixFileSystem()
    try fileSystem.makeDirectory(directory)
    // The larger ones only slow the fuzzer down.
    for (name, bytes) in samples where bytes.count <= 4_096 {
      let file = try fileSystem.createFile("\(directory)/\(name)", truncating: true)
      try bytes.withRawBytes { raw throws(StoreError) in try file.append(raw) }
      try file.close()
    }
  }
}
