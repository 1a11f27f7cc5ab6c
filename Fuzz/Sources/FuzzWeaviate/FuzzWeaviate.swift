import CFuzzerABI
import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Reads any bytes as the definition of a Weaviate class. What is accepted, with all defaults filled in, must
/// read back as the same class.
@main
enum FuzzWeaviate {
  static func main() {
    var argc = CommandLine.argc
    var argv = CommandLine.unsafeArgv
    exit(
      LLVMFuzzerRunDriver(&argc, &argv) { data, size in
        FuzzWeaviate.check(
          String(decoding: UnsafeRawBufferPointer(start: data, count: size), as: UTF8.self))
        return 0
      })
  }

  static func check(_ json: String) {
    let definition: WeaviateClass
    do throws(StoreError) {
      definition = try WeaviateClass(json: json)
    } catch {
      guard error.code == .invalidConfiguration, !error.message.isEmpty else {
        fatalError("refused with \(error)")
      }
      return
    }
    _ = definition.notes
    do throws(StoreError) {
      let again = try WeaviateClass(json: definition.json)
      guard again == definition else { fatalError("\(definition.json) reads back otherwise") }
    } catch {
      fatalError("\(definition.json) is refused: \(error)")
    }
  }
}
