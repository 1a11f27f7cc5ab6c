public import StorageIO

/// What `Store.verify` looked at and what it found.
public struct VerificationReport: Sendable {
  /// What of a store a problem lies in, and so what mending it means.
  public enum Part: String, Sendable {
    /// The pages of LMDB's file, or the catalog: nothing can be read for certain.
    case database
    /// Objects, originals or ids: what is damaged cannot be made from anything else.
    case records
    /// A segment file, which is made from the originals.
    case segment
    /// A property index, which is made from the objects.
    case propertyIndex
  }

  /// Something that is not as it should be.
  public struct Finding: Sendable, Equatable {
    /// What kind of problem it is, after the codes of `StoreError`.
    public var code: StoreError.Code
    /// What it lies in.
    public var part: Part
    /// The collection concerned.
    public var collection: String?
    /// The number of the segment concerned.
    public var segment: UInt64?
    /// What is wrong, naming the place: a key, a file, an offset.
    public var message: String
    /// What can be done about it.
    public var remedy: String

    /// Creates a finding.
    package init(
      code: StoreError.Code, part: Part, collection: String? = nil, segment: UInt64? = nil,
      message: String, remedy: String
    ) {
      self.code = code
      self.part = part
      self.collection = collection
      self.segment = segment
      self.message = message
      self.remedy = remedy
    }
  }

  /// Problems, in the order in which they were found; empty for a good store.
  public var findings: [Finding] = []
  /// Collections that were looked at.
  public var collections = 0
  /// Segment files that were looked at.
  public var segments = 0
  /// Objects that were counted, or read if the check was deep.
  public var objects = 0
  /// Vectors that were searched for.
  public var samples = 0

  /// Creates a report.
  package init(findings: [Finding] = []) { self.findings = findings }

  /// What mends a store of which LMDB has lost something.
  static func repairRemedy(_ path: String) -> String {
    "Run `seamstone repair \(path)`, or restore a backup"
  }
}

extension VerificationReport.Part {
  /// What mends this part of the store at `path`.
  func remedy(_ path: String) -> String {
    switch self {
    case .database, .records: VerificationReport.repairRemedy(path)
    case .segment:
      "Run `seamstone repair \(path)`, or `seamstone compact \(path) --full`, to build the index again"
    case .propertyIndex:
      "Run `seamstone repair \(path)`, or drop the property index and create it again; searches without it are right"
    }
  }
}
