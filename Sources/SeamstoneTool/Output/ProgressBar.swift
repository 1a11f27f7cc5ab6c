import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One line on standard error that says how far long work is: share, rate, time left. Silent unless
/// standard error is a terminal.
final class ProgressBar: Sendable {
  private struct State {
    var lastDrawn: UInt64 = 0
    var isDrawn = false
    var isFinished = false
  }

  private let title: String
  private let unit: String
  private let start = Clock.now()
  private let state = Mutex(State())
  private static let interval: UInt64 = 100_000_000

  /// - Parameter unit: What is counted, in the plural.
  init(_ title: String, unit: String = "rows") {
    self.title = title
    self.unit = unit
  }

  /// Reports progress.
  /// - Parameters:
  ///   - fraction: The share that is done, 0 to 1; nil if nobody knows.
  ///   - rows: How many rows are done; nil if they are not counted.
  func update(fraction: Double?, rows: Int? = nil) {
    guard Terminal.isErrorInteractive else { return }
    let text: String? = state.withLock { state in
      let now = Clock.now()
      guard !state.isFinished, now &- state.lastDrawn >= Self.interval else { return nil }
      state.lastDrawn = now
      state.isDrawn = true
      return line(fraction: fraction, rows: rows, seconds: Double(now &- start) / 1e9)
    }
    if let text { Console.write("\r\(text)\u{1B}[K") }
  }

  /// Removes the bar; it does not come back.
  func finish() {
    let isDrawn = state.withLock { state in
      state.isFinished = true
      defer { state.isDrawn = false }
      return state.isDrawn
    }
    if isDrawn { Console.write("\r\u{1B}[K") }
  }

  private func line(fraction: Double?, rows: Int?, seconds: Double) -> String {
    var parts: [String] = []
    if let fraction {
      let share = min(max(fraction, 0), 1)
      let filled = Int(share * 24)
      let bar =
        String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
      let percent = String(Int(share * 100))
      parts.append("[\(bar)] \(String(repeating: " ", count: 3 - percent.count))\(percent)%")
    }
    if let rows {
      parts.append("\(Format.count(rows)) \(unit)")
      if seconds > 0.5 { parts.append("\(Format.count(Int(Double(rows) / seconds)))/s") }
    }
    if let fraction, fraction > 0.01, seconds > 1 {
      parts.append("ETA \(Format.clock(seconds / fraction - seconds))")
    } else {
      parts.append(Format.clock(seconds))
    }
    let text = "\(title) \(parts.joined(separator: "  "))"
    return String(text.prefix((Terminal.width(of: STDERR_FILENO) ?? 80) - 1))
  }
}
