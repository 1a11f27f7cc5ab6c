import ArgumentParser
import Seamstone
import VectorFiles

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How errors leave the tool: a message, a remedy, an exit code.
enum Failure {
  /// Says what went wrong and ends the process.
  static func leave(_ error: any Error) -> Never {
    guard let (status, message, remedy) = describe(error) else {
      SeamstoneTool.exit(withError: error)
    }
    if let message { Console.error(message, remedy: remedy) }
    exit(status.rawValue)
  }

  /// Exit code, message and remedy of an error; nil for those of the argument parser.
  static func describe(
    _ error: any Error
  ) -> (status: ExitStatus, message: String?, remedy: String?)? {
    switch error {
    case let error as StoreError:
      var message = error.message
      if let location = error.location { message += " (\(location))" }
      if let cause = error.cause { message += " [\(cause)]" }
      return (ExitStatus(error.code), message, error.remedy)
    case var error as VectorFileError:
      let remedy = error.remedy
      error.remedy = nil
      return (ExitStatus(error.kind), error.description, remedy)
    case let error as ToolError: return (error.status, error.message, error.remedy)
    case let error as QuietExit: return (error.status, nil, nil)
    default: return nil
    }
  }
}
