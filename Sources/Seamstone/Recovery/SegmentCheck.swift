import SegmentFiles
import StorageIO
import VectorIndexes

/// Compares the segment files of a collection with its manifest, with their own checksums, and their graphs with what
/// a graph must be.
struct SegmentCheck {
  let core: StoreCore
  let collection: CollectionState
  /// Whether to read every block.
  let deep: Bool

  private var remedy: String {
    "Run `seamstone repair \(core.path)`: the segment is made again from the originals. A process that has the store "
      + "open for writing does so, too, once it has found it out"
  }

  func run(_ report: inout VerificationReport) {
    for view in collection.segments {
      report.segments += 1
      let before = report.findings.count
      check(view.entry, &report)
      guard report.findings.count == before, isCurrent(view.entry) else { continue }
      guard let handle = view.handle else {
        add(
          &report, view.entry, .corruption, "The segment cannot be used, its vectors are scanned")
        continue
      }
      checkStructure(handle, view.entry, &report)
    }
  }

  private func check(_ entry: ManifestEntry, _ report: inout VerificationReport) {
    do throws(StoreError) {
      let expectation = SegmentExpectation(
        identifier: entry.identifier, length: Int(clamping: entry.length))
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
      // Another process may have replaced it since this version was captured.
      if error.code == .notFound, !isCurrent(entry) { return }
      let message =
        error.code == .notFound ? "The file is missing" : "The file cannot be read: \(error)"
      add(&report, entry, error.code, message)
    }
  }

  /// What checksums cannot tell: whether what was written was right.
  private func checkStructure(
    _ handle: SegmentHandle, _ entry: ManifestEntry, _ report: inout VerificationReport
  ) {
    let header = handle.index.header
    if header.firstDocID != entry.firstDocID || header.lastDocID != entry.lastDocID {
      add(
        &report, entry, .corruption,
        "The file covers DocIDs \(header.firstDocID)...\(header.lastDocID), the manifest says "
          + "\(entry.firstDocID)...\(entry.lastDocID)")
    }
    guard deep else { return }
    for finding in IndexVerification.structuralFindings(of: handle.index) {
      add(&report, entry, .corruption, "The index contradicts itself: \(finding)")
    }
  }

  /// Whether the newest version still names the segment.
  private func isCurrent(_ entry: ManifestEntry) -> Bool {
    guard let (transaction, state) = try? core.capture() else { return true }
    transaction.end()
    return state.collections[collection.number]?.manifest.entries.contains(entry) ?? false
  }

  private func add(
    _ report: inout VerificationReport, _ entry: ManifestEntry, _ code: StoreError.Code,
    _ message: String
  ) {
    report.findings.append(
      .init(
        code: code, part: .segment, collection: collection.name, segment: entry.number,
        message: message, remedy: remedy))
  }
}
