import Seamstone

/// What `backup` and `restore` say of what they copied.
enum CopyOutput {
  /// The share that is done; nil while nobody knows.
  static func fraction(_ progress: BackupProgress) -> Double? {
    progress.totalBytes > 0
      ? Double(progress.completedBytes) / Double(progress.totalBytes) : nil
  }

  /// A line on standard error.
  static func show(_ report: BackupReport, _ what: String, since start: UInt64) {
    var parts = [Format.bytes(report.objectBytes) + " of objects copied"]
    for (count, text) in [
      (report.reusedSegments, "there already"), (report.linkedSegments, "linked"),
      (report.copiedSegments, "copied"), (report.missingSegments, "missing, to be made again"),
    ] where count > 0 {
      parts.append("\(Format.plural(count, "segment")) \(text)")
    }
    Console.message(
      "\(what): \(parts.joined(separator: ", ")); \(Format.duration(Clock.seconds(since: start)))")
  }

  /// One JSON document.
  static func document(_ report: BackupReport) -> JSONDocument {
    .object([
      ("version", .int(Int(clamping: report.version))),
      ("object_bytes", .int(report.objectBytes)),
      ("segments_reused", .int(report.reusedSegments)),
      ("segments_linked", .int(report.linkedSegments)),
      ("segments_copied", .int(report.copiedSegments)),
      ("segment_bytes_copied", .int(report.copiedSegmentBytes)),
      ("segments_missing", .int(report.missingSegments)),
      (
        "verification",
        .optional(report.verification) { VerificationOutput.document($0, deep: true) }
      ),
    ])
  }
}
