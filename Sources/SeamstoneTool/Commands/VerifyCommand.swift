import ArgumentParser
import Seamstone

/// `verify`: looks for damage and contradictions; changes nothing.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Look for damage; exit code 1 if there is some.",
    discussion: """
      Checks segment files against the manifest, counts against each other, and lets sampled vectors \
      search for themselves. With --deep every checksum is read. Nothing is changed: a damaged \
      segment is rebuilt by the next process that opens the store for writing.
      """)

  @OptionGroup var location: StoreArguments

  @Flag(help: "Read every checksum of segments, objects and original vectors.")
  var deep = false

  @OptionGroup var output: JSONOption

  func run() throws {
    let start = Clock.now()
    let report: VerificationReport
    do throws(StoreError) {
      // First: LMDB would follow a damaged page anywhere.
      if deep { try Store.checkPages(at: location.store) }
      let store = try location.openForReading()
      defer { store.close() }
      report = try store.verify(deep: deep)
    } catch {
      // A store that cannot even be opened is what this command is there to tell about.
      guard error.code.isDamage else { throw error }
      report = VerificationReport(findings: [
        .init(code: error.code, message: error.description, remedy: error.remedy)
      ])
    }
    if output.isJSON { document(report).show() } else { show(report, since: start) }
    if !report.findings.isEmpty { throw QuietExit(status: .problemsFound) }
  }

  private func show(_ report: VerificationReport, since start: UInt64) {
    for finding in report.findings {
      let place = [finding.collection, finding.segment.map { "segment \($0)" }]
        .compactMap { $0 }.joined(separator: ", ")
      StandardOutput.line("\(place.isEmpty ? "" : "\(place): ")\(finding.message)")
    }
    let remedies = Set(report.findings.compactMap(\.remedy)).sorted()
    for remedy in remedies { Console.message(remedy) }
    Console.message(
      "\(Format.plural(report.findings.count, "problem")) in "
        + "\(Format.plural(report.segments, "segment")), "
        + "\(Format.plural(report.objects, "object")), "
        + "\(Format.plural(report.samples, "sampled vector")); "
        + Format.duration(Clock.seconds(since: start)))
  }

  private func document(_ report: VerificationReport) -> JSONDocument {
    let findings = report.findings.map { finding in
      JSONDocument.object([
        ("code", .string(finding.code.rawValue)),
        ("collection", .optional(finding.collection) { .string($0) }),
        ("segment", .optional(finding.segment) { .int(Int(clamping: $0)) }),
        ("message", .string(finding.message)),
        ("remedy", .optional(finding.remedy) { .string($0) }),
      ])
    }
    return .object([
      ("ok", .bool(findings.isEmpty)), ("deep", .bool(deep)), ("findings", .array(findings)),
      ("collections", .int(report.collections)), ("segments", .int(report.segments)),
      ("objects", .int(report.objects)), ("samples", .int(report.samples)),
    ])
  }
}
