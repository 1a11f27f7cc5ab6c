import CFuzzerABI
import SegmentFiles
import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Opens and verifies any bytes as a segment file: first as they are, then with all checksums
/// corrected, so that what lies behind the checksums is reached.
@main
enum FuzzSegment {
  static func main() {
    var argc = CommandLine.argc
    var argv = CommandLine.unsafeArgv
    exit(
      LLVMFuzzerRunDriver(&argc, &argv) { data, size in
        var bytes = Array(UnsafeRawBufferPointer(start: data, count: size))
        FuzzSegment.check(bytes)
        Resealing.reseal(&bytes)
        FuzzSegment.check(bytes)
        return 0
      })
  }

  /// Reader and verifier must agree, and every section must lie inside the file.
  static func check(_ bytes: [UInt8]) {
    let findings = try? SegmentVerifier().verify(MemoryFile(bytes), deep: true)
    // A copy of exactly the right size, so that the address sanitizer sees every read outside.
    let mapped = bytes.withUnsafeBytes { MappedFile(path: "fuzz.seg", copying: $0) }
    do throws(StoreError) {
      let reader = try SegmentReader(file: mapped)
      var isDamaged = false
      var end = SegmentHeader.size
      for entry in reader.sections {
        guard let section = reader.section(entry.kind), section.count == entry.length,
          entry.offset >= end, entry.offset % entry.alignment == 0
        else { fatalError("section \(entry) out of place") }
        end = entry.end
        do throws(StoreError) {
          try reader.verifySection(entry.kind)
        } catch {
          isDamaged = true
        }
      }
      guard end <= reader.length, let findings else { fatalError("sections past the end") }
      if isDamaged, findings.isEmpty { fatalError("the verifier missed a damaged section") }
    } catch {
      guard let findings, findings.count == 1, findings[0].code == error.code else {
        fatalError("the reader says \(error), the verifier \(String(describing: findings))")
      }
    }
  }
}
