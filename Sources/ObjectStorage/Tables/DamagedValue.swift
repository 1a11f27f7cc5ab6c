/// A value in LMDB that is not what was written, or is not there.
package struct DamagedValue: Sendable, Equatable {
  /// The database, as `3.objects`.
  package var table: String
  /// The key, as text.
  package var key: String
  /// The version of an object that it belongs to, if the key says so.
  package var docID: UInt64?
  /// What is wrong with it.
  package var reason: String
}
