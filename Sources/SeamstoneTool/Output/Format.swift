/// Numbers as people read them.
enum Format {
  /// `1234567` as `1,234,567`.
  static func count(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// Bytes in the largest unit that leaves a number of at least one: `12.3 MB`.
  static func bytes(_ number: Int) -> String {
    var value = Double(number)
    var unit = 0
    let units = ["B", "kB", "MB", "GB", "TB"]
    while value >= 1_000, unit < units.count - 1 {
      value /= 1_000
      unit += 1
    }
    return unit == 0 ? "\(number) B" : "\(decimal(value, places: 1)) \(units[unit])"
  }

  /// Seconds as `0.42 s`, `12.3 s` or `4:05`.
  static func duration(_ seconds: Double) -> String {
    if seconds < 10 { return "\(decimal(seconds, places: 2)) s" }
    if seconds < 60 { return "\(decimal(seconds, places: 1)) s" }
    return clock(seconds)
  }

  /// Seconds as `0:07`, `4:05` or `1:02:03`.
  static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9).rounded())
    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3_600, whole / 60 % 60)
    return hours > 0
      ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }

  /// A number with a fixed number of decimals.
  static func decimal(_ value: Double, places: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % scale)
    let padding = String(repeating: "0", count: places - fraction.count)
    return "\(sign)\(scaled / scale).\(padding)\(fraction)"
  }

  /// A number rounded to some decimals, for JSON.
  static func rounded(_ value: Double, places: Int) -> Double {
    guard value.isFinite, abs(value) < 1e12 else { return value }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    return (value * scale).rounded() / scale
  }

  /// `was` for one, else `were`.
  static func were(_ number: Int) -> String { number == 1 ? "was" : "were" }

  /// `1 row`, `2 rows`.
  static func plural(_ number: Int, _ noun: String) -> String {
    "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}
