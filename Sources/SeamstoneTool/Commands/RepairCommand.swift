import ArgumentParser
import Seamstone

/// `repair`: makes again what is derived, and saves what can be read of a damaged data file.
struct RepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair", abstract: "Mend a damaged store; say what was lost, if anything.",
    discussion: """
      Damaged segments and property indexes are made again from originals and objects. Where the data \
      file itself is damaged, everything in it that can be read goes to a new one; the old one and its \
      segments are moved to a folder damaged-1 of the store, never removed. Nobody may have the store \
      open for writing. Where nothing can be read of the data file, or it is gone, ids and vectors are \
      saved from the segments that keep vectors as they were; a backup is better. Exit code 1 if objects or vectors were lost, or something is still wrong.
      """)

  @OptionGroup var location: StoreArguments

  @OptionGroup var output: JSONOption

  func run() throws {
    let start = Clock.now()
    let report = try Store.repair(at: FilePath(location.store))
    if output.isJSON { document(report).show() } else { show(report, since: start) }
    if !report.isSound || !report.losses.isEmpty || report.isDataFileLost {
      throw QuietExit(status: .problemsFound)
    }
  }

  private func show(_ report: RepairReport, since start: UInt64) {
    if report.findings.isEmpty {
      Console.message("Nothing is wrong; \(Format.duration(Clock.seconds(since: start)))")
      return
    }
    Console.message("\(Format.plural(report.findings.count, "problem")) found:")
    for finding in report.findings { Console.message("  \(finding.message)") }
    if let count = report.salvagedObjects {
      Console.message(
        "\(Format.plural(count, "object")) saved from "
          + (report.isDataFileLost ? "segments" : "the damaged data file"))
    }
    if report.isDataFileLost {
      StandardOutput.line(
        "data.mdb is lost: collections, their configurations, properties of objects, objects without vectors, and "
          + "all that was not in a segment yet")
    }
    for segment in report.lostSegments { show(segment) }
    for loss in report.losses { show(loss) }
    if let path = report.movedAside {
      Console.message("The damaged files are in \(path); remove them when you need them no more")
    }
    VerificationOutput.show(report.verification.findings)
    Console.message(
      (report.isSound ? "The store is sound" : "Not everything could be mended")
        + "; \(Format.duration(Clock.seconds(since: start)))")
  }

  private func show(_ segment: RepairReport.LostSegment) {
    let count = segment.vectors.map { Format.plural($0, "vector") } ?? "vectors"
    StandardOutput.line("segment \(segment.segment): \(count) lost: \(segment.reason)")
  }

  private func show(_ loss: RepairReport.Loss) {
    let name = loss.collection
    for id in loss.objects { StandardOutput.line("\(name): object \(id) is lost") }
    for id in loss.vectors { StandardOutput.line("\(name): object \(id) has lost its vector") }
    if loss.unnamedObjects > 0 {
      StandardOutput.line(
        "\(name): \(Format.plural(loss.unnamedObjects, "more object")) of unknown id lost")
    }
    if loss.doubtfulObjects > 0 {
      StandardOutput.line(
        "\(name): \(Format.plural(loss.doubtfulObjects, "object")) may be older than the last "
          + "version, or deleted")
    }
    if loss.isConfigurationLost {
      StandardOutput.line("\(name): name and configuration are lost, these are guesses")
    }
    if loss.arePropertiesLost { StandardOutput.line("\(name): all properties are lost") }
    if loss.areLengthsLost {
      StandardOutput.line("\(name): vectors have their directions, but length 1")
    }
  }

  private func document(_ report: RepairReport) -> JSONDocument {
    let losses = report.losses.map { loss in
      JSONDocument.object([
        ("collection", .string(loss.collection)),
        ("objects", .array(loss.objects.map { .id($0) })),
        ("unnamed_objects", .int(loss.unnamedObjects)),
        ("vectors", .array(loss.vectors.map { .id($0) })),
        ("doubtful_objects", .int(loss.doubtfulObjects)),
        ("configuration_lost", .bool(loss.isConfigurationLost)),
        ("properties_lost", .bool(loss.arePropertiesLost)),
        ("lengths_lost", .bool(loss.areLengthsLost)),
      ])
    }
    return .object([
      ("ok", .bool(report.isSound)),
      ("findings", .array(report.findings.map(VerificationOutput.document))),
      ("losses", .array(losses)),
      ("data_file_lost", .bool(report.isDataFileLost)),
      (
        "lost_segments",
        .array(
          report.lostSegments.map { segment in
            .object([
              ("segment", .int(Int(clamping: segment.segment))),
              ("vectors", .optional(segment.vectors) { .int($0) }),
              ("reason", .string(segment.reason)),
            ])
          })
      ),
      ("salvaged_objects", .optional(report.salvagedObjects) { .int($0) }),
      ("moved_aside", .optional(report.movedAside) { .string($0.string) }),
      ("remaining", .array(report.verification.findings.map(VerificationOutput.document))),
    ])
  }
}
