import StorageIO

/// The version of the segment format that a file is written in.
///
/// The rules:
/// - `major` is raised when a reader of the version before could misunderstand a file. A reader
///   takes `oldestReadableMajor` to `current.major` and refuses everything else.
/// - `minor` is raised for additions that a reader of the same major may ignore: new section kinds,
///   header bytes that were reserved. Any minor is taken.
/// - Files are always written as `current`.
/// - Magic, version and checksum of the header keep their place and meaning in every version, so
///   that a damaged version number is never taken for a newer version.
package struct FormatVersion: Hashable, Sendable {
  /// Raised when older readers could misunderstand.
  package var major: UInt16
  /// Raised for additions that older readers may ignore.
  package var minor: UInt16

  /// Creates a version.
  package init(major: UInt16, minor: UInt16) {
    self.major = major
    self.minor = minor
  }

  /// The version that is written.
  package static let current = FormatVersion(major: 1, minor: 3)
  /// The oldest major version that is read.
  package static let oldestReadableMajor: UInt16 = 1

  /// Throws `formatTooNew` or `formatTooOld` unless this version is read here.
  func requireReadable(path: String) throws(StoreError) {
    let place = StoreError.Location(path: path, offset: SegmentHeader.versionOffset)
    if major > Self.current.major {
      throw StoreError(
        .formatTooNew,
        "The segment has format version \(self); this version of Seamstone reads up to "
          + "\(Self.current.major)", at: place, remedy: "Use a newer version of Seamstone")
    }
    if major < Self.oldestReadableMajor {
      throw StoreError(
        .formatTooOld,
        "The segment has format version \(self); this version of Seamstone reads from "
          + "\(Self.oldestReadableMajor) on", at: place,
        remedy: "Delete the segment: it is rebuilt from the originals")
    }
  }
}

extension FormatVersion: CustomStringConvertible {
  /// `major.minor`.
  package var description: String { "\(major).\(minor)" }
}
