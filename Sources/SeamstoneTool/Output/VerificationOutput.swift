import Seamstone

/// What `verify`, `repair` and `backup --verify` say of what was found.
enum VerificationOutput {
  /// Findings on standard output, what mends them and the figures on standard error.
  static func show(_ report: VerificationReport, since start: UInt64) {
    show(report.findings)
    Console.message(
      "\(Format.plural(report.findings.count, "problem")) in "
        + "\(Format.plural(report.segments, "segment")), "
        + "\(Format.plural(report.objects, "object")), "
        + "\(Format.plural(report.samples, "sampled vector")); "
        + Format.duration(Clock.seconds(since: start)))
  }

  /// Findings on standard output, what mends them on standard error.
  static func show(_ findings: [VerificationReport.Finding]) {
    for finding in findings {
      let place = [finding.collection, finding.segment.map { "segment \($0)" }]
        .compactMap { $0 }.joined(separator: ", ")
      StandardOutput.line("\(place.isEmpty ? "" : "\(place): ")\(finding.message)")
    }
    for remedy in Set(findings.map(\.remedy)).sorted() { Console.message(remedy) }
  }

  /// One JSON document.
  static func document(_ report: VerificationReport, deep: Bool) -> JSONDocument {
    .object([
      ("ok", .bool(report.findings.isEmpty)), ("deep", .bool(deep)),
      ("findings", .array(report.findings.map(document))),
      ("collections", .int(report.collections)), ("segments", .int(report.segments)),
      ("objects", .int(report.objects)), ("samples", .int(report.samples)),
    ])
  }

  /// One finding.
  static func document(_ finding: VerificationReport.Finding) -> JSONDocument {
    .object([
      ("code", .string(finding.code.rawValue)), ("part", .string(finding.part.rawValue)),
      ("collection", .optional(finding.collection) { .string($0) }),
      ("segment", .optional(finding.segment) { .int(Int(clamping: $0)) }),
      ("message", .string(finding.message)), ("remedy", .string(finding.remedy)),
    ])
  }
}
