/// Something the tool itself has to complain about.
struct ToolError: Error, Sendable {
  /// What the process ends with.
  var status: ExitStatus
  /// What is wrong, naming the value or the place.
  var message: String
  /// What can be done about it.
  var remedy: String?

  init(_ status: ExitStatus, _ message: String, remedy: String? = nil) {
    self.status = status
    self.message = message
    self.remedy = remedy
  }
}

/// Ends the process with a code after everything was already said.
struct QuietExit: Error, Sendable {
  var status: ExitStatus
}
