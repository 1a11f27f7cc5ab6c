import CFuzzerABI
import Seamstone
import SeamstoneYAML
import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Reads any bytes as a faiss component string, and as a txtai configuration in JSON and in YAML. What is
/// accepted must print what reads back as the same, and must have a plan for any number of vectors.
@main
enum FuzzTxtai {
  static func main() {
    var argc = CommandLine.argc
    var argv = CommandLine.unsafeArgv
    exit(
      LLVMFuzzerRunDriver(&argc, &argv) { data, size in
        FuzzTxtai.check(
          String(decoding: UnsafeRawBufferPointer(start: data, count: size), as: UTF8.self))
        return 0
      })
  }

  static func check(_ text: String) {
    if let components = accepted({ () throws(StoreError) in try FaissComponents(text) }) {
      let again = accepted { () throws(StoreError) in try FaissComponents(components.description) }
      guard again == components else { fatalError("\(components) reads back otherwise") }
    }
    let made = [
      accepted { () throws(StoreError) in try TxtaiConfiguration(json: text) },
      accepted { () throws(StoreError) in try TxtaiConfiguration(yaml: text) },
    ]
    for configuration in made.compactMap(\.self) {
      for (count, dimensions) in [(0, nil), (5_001, 64), (Int.max, 1)] {
        let plan = configuration.plan(count: count, dimensions: dimensions)
        _ = accepted { () throws(StoreError) in try plan.configuration() }
      }
    }
  }

  /// What a reader returns; nil where it refuses with an error that says why.
  private static func accepted<Value>(_ body: () throws(StoreError) -> Value) -> Value? {
    do throws(StoreError) {
      return try body()
    } catch {
      guard [.invalidConfiguration, .notSupported].contains(error.code), !error.message.isEmpty
      else {
        fatalError("refused with \(error)")
      }
      return nil
    }
  }
}
