import SegmentFiles
import StorageIO

/// Compares the segment files of a collection with its manifest and with their own checksums.
struct SegmentCheck {
  let core: StoreCore
  let collection: CollectionState
  /// Whether to read every block.
  let deep: Bool

  private static let remedy =
    "`seamstone compact STORE` rebuilds the segment; so does a process that has the store open for writing, "
    + "once it has checked it"

  func run(_ report: inout VerificationReport) {
    for view in collection.segments {
      report.segments += 1
      let before = report.findings.count
      check(view.entry, &report)
      guard view.handle == nil, report.findings.count == before else { continue }
      add(
        &report, view.entry, .corruption, "The segment cannot be used, its vectors are scanned")
    }
  }

  private func check(_ entry: ManifestEntry, _ report: inout VerificationReport) {
    do throws(StoreError) {
      let expectation = SegmentExpectation(
        identifier: entry.identifier, length: Int(entry.length))
      let findings = try SegmentVerifier(isCancelled: { [core] in core.isClosing })
        .verify(
          fileSystem: core.fileSystem, path: core.segmentPath(entry.number), number: entry.number,
          expecting: expectation, deep: deep)
      for finding in findings {
        let error = finding.error(path: core.segmentPath(entry.number))
        let place = error.location.map { " (\($0))" } ?? ""
        add(&report, entry, finding.code, finding.message + place)
      }
    } catch {
      let message =
        error.code == .notFound ? "The file is missing" : "The file cannot be read: \(error)"
      add(&report, entry, error.code, message)
    }
  }

  private func add(
    _ report: inout VerificationReport, _ entry: ManifestEntry, _ code: StoreError.Code,
    _ message: String
  ) {
    report.findings.append(
      .init(
        code: code, collection: collection.name, segment: entry.number, message: message,
        remedy: Self.remedy))
  }
}
