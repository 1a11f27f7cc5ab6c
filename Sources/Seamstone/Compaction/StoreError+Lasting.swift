import StorageIO

extension StoreError.Code {
  /// Whether a background job that failed so fails again however often it is tried: it depends on what is
  /// stored, not on the state of the machine.
  var isLasting: Bool {
    switch self {
    case .corruption, .invalidConfiguration, .invalidArgument, .internalError: true
    default: false
    }
  }
}
