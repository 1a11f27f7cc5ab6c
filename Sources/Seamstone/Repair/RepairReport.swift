public import ObjectStorage
public import SystemPackage

/// What a repair found, did, and could not save.
public struct RepairReport: Sendable {
  /// What a collection lost.
  public struct Loss: Sendable {
    /// The collection's name.
    public var collection: String
    /// Objects whose records cannot be read, as far as their ids are known.
    public var objects: [ObjectID] = []
    /// How many more objects the collection had, whose ids cannot be read either.
    public var unnamedObjects = 0
    /// Objects that are there, but whose vectors cannot be read.
    public var vectors: [ObjectID] = []
    /// Objects that may be older than the newest version, or may have been deleted: the pages that say so are lost.
    public var doubtfulObjects = 0
    /// Name and configuration are lost; the collection has a made-up name, and its metric may be another.
    public var isConfigurationLost = false

    /// The objects have no properties any more: they were made from what a segment has of them.
    public var arePropertiesLost = false
    /// Vectors have their directions, but all of length 1.
    public var areLengthsLost = false

    /// Whether anything was lost.
    public var isEmpty: Bool {
      objects.isEmpty && unnamedObjects == 0 && vectors.isEmpty && doubtfulObjects == 0
        && !isConfigurationLost && !arePropertiesLost && !areLengthsLost
    }
  }

  /// A segment of a store whose data file is lost, of which nothing could be saved.
  public struct LostSegment: Sendable {
    /// Its number, which its file is named by.
    public var segment: UInt64
    /// How many vectors it has, those that were deleted since included; nil if it does not say.
    public var vectors: Int?
    /// Why nothing of it could be saved.
    public var reason: String
  }

  /// What was wrong before.
  public var findings: [VerificationReport.Finding] = []
  /// What could not be saved, for each collection that lost something.
  public var losses: [Loss] = []
  /// Whether nothing could be read of the data file, or there was none. What is in the store now was saved from the
  /// segments: a collection `recovered-N` of each segment that keeps vectors as they were.
  public var isDataFileLost = false
  /// The segments of which nothing could be saved, if the data file is lost.
  public var lostSegments: [LostSegment] = []
  /// Objects that were copied out of a damaged data file, or saved from segments; nil if nothing had to be.
  public var salvagedObjects: Int?
  /// Where the damaged data file and the segments made from it lie now; nil if they are in use as before.
  public var movedAside: FilePath?
  /// What a deep check says of the repaired store.
  public var verification = VerificationReport()

  /// Whether nothing is wrong any more. What was lost is lost nevertheless.
  public var isSound: Bool { verification.findings.isEmpty }
}
