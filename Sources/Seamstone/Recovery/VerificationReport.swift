package import StorageIO

/// What `Store.verify` looked at and what it found.
package struct VerificationReport: Sendable {
  /// Something that is not as it should be.
  package struct Finding: Sendable, Equatable {
    /// What kind of problem it is, after the codes of `StoreError`.
    package var code: StoreError.Code
    /// The collection concerned.
    package var collection: String?
    /// The number of the segment concerned.
    package var segment: UInt64?
    /// What is wrong.
    package var message: String
    /// What can be done about it.
    package var remedy: String?

    /// Creates a finding.
    package init(
      code: StoreError.Code, collection: String? = nil, segment: UInt64? = nil, message: String,
      remedy: String? = nil
    ) {
      self.code = code
      self.collection = collection
      self.segment = segment
      self.message = message
      self.remedy = remedy
    }
  }

  /// Problems, in the order in which they were found; empty for a good store.
  package var findings: [Finding] = []
  /// Collections that were looked at.
  package var collections = 0
  /// Segment files that were looked at.
  package var segments = 0
  /// Objects that were counted, or read if the check was deep.
  package var objects = 0
  /// Vectors that were searched for.
  package var samples = 0

  /// Creates a report.
  package init(findings: [Finding] = []) { self.findings = findings }
}
