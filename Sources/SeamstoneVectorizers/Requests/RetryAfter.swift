import Seamstone

/// How long a service asks to wait before the next request.
enum RetryAfter {
  /// Nobody waits for longer; a request that is asked to fails.
  private static let longest = 86_400.0

  /// Reads the headers of a reply: `retry-after-ms`, which OpenAI sends, or `Retry-After` in seconds or as a date (RFC 9110,
  /// section 10.2.3). nil for none, or none that can be read.
  /// - Parameter now: Seconds since 1970, for dates.
  static func duration(milliseconds: String?, header: String?, now: Int64) -> Duration? {
    if let number = milliseconds.flatMap({ Double($0.trimmed) }) { return bounded(number / 1_000) }
    guard let header = header?.trimmed else { return nil }
    if let number = Double(header) { return bounded(number) }
    return moment(header).map { .seconds(min(max($0.seconds - now, 0), Int64(longest))) }
  }

  private static func bounded(_ seconds: Double) -> Duration? {
    // Not a number is not in the range either.
    seconds >= 0 ? .seconds(min(seconds, longest)) : nil
  }

  /// Reads the preferred form of dates: `Sun, 06 Nov 1994 08:49:37 GMT`.
  private static func moment(_ text: String) -> Timestamp? {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let index = months.firstIndex(of: String(parts[2]))
    else { return nil }
    let month = index < 9 ? "0\(index + 1)" : "\(index + 1)"
    return Timestamp("\(parts[3])-\(month)-\(parts[1])T\(parts[4])Z")
  }
}
