import Seamstone
import VectorFiles

/// The exit codes of the tool, after sysexits(3); part of its contract.
enum ExitStatus: Int32, Sendable {
  /// All is well.
  case success = 0
  /// The command looked for something and found problems, or did not find it.
  case problemsFound = 1
  /// The arguments make no sense.
  case usage = 64
  /// A row, a query or an id is not acceptable.
  case badData = 65
  /// There is no such store, collection or file.
  case notFound = 66
  /// A defect of Seamstone.
  case defect = 70
  /// Reading or writing failed, or stored bytes are damaged.
  case inputOutput = 74
  /// Another process holds the store.
  case locked = 75
  /// A configuration is not acceptable, or forbids what was asked for.
  case badConfiguration = 78

  /// The exit code that belongs to an error of the store.
  init(_ code: StoreError.Code) {
    switch code {
    case .notFound: self = .notFound
    case .alreadyExists, .invalidArgument, .dimensionMismatch, .invalidData: self = .badData
    case .invalidConfiguration, .notSupported, .readOnly: self = .badConfiguration
    case .locked: self = .locked
    case .mapFull, .noSpace, .io, .vectorizerFailed, .corruption, .truncatedFile, .extendedFile,
      .foreignFile,
      .formatTooNew, .formatTooOld, .outcomeUnknown, .poisoned, .limitExceeded:
      self = .inputOutput
    default: self = .defect
    }
  }

  /// The exit code that belongs to an error in a user's file.
  init(_ kind: VectorFileError.Kind) {
    switch kind {
    case .data, .dimensions: self = .badData
    case .notFound: self = .notFound
    case .io: self = .inputOutput
    }
  }
}
