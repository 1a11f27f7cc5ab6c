import JSONText

/// A moment, read from the text form of RFC 3339 such as `2024-05-01T12:30:00.25+02:00`.
///
/// Dates are stored as texts. Two texts of one moment can differ (time zones, fractions of a
/// second), so filters compare dates as moments, not as texts.
public struct Timestamp: Hashable, Sendable {
  /// Seconds since the start of 1970 in UTC, leap seconds not counted.
  public let seconds: Int64
  /// The fraction of the second, 0...999,999,999.
  public let nanoseconds: Int32

  /// The seconds that the text form can say: the years 0 to 9999 in UTC.
  private static let range: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

  /// Creates a moment in the years 0 to 9999; what is beyond them, or beyond a second of
  /// nanoseconds, is cut to the nearest.
  public init(seconds: Int64, nanoseconds: Int32 = 0) {
    self.seconds = min(max(seconds, Timestamp.range.lowerBound), Timestamp.range.upperBound)
    self.nanoseconds = min(max(nanoseconds, 0), 999_999_999)
  }

  /// Creates the moment of a `Date` of Foundation's, given its `timeIntervalSinceReferenceDate`: the seconds since
  /// the start of 2001 in UTC, to the nearest nanosecond. What is beyond the years 0 to 9999 is cut to the
  /// nearest; what is not a number counts as 0.
  ///
  /// It is the moment that a record with this date stores. (`timeIntervalSince1970` of the same date is rounded
  /// to a few ten-millionths of a second.)
  public init(timeIntervalSinceReferenceDate seconds: Double) {
    let range = Timestamp.range
    let bounds = Double(range.lowerBound - Timestamp.reference)...Double(range.upperBound)
    let inside = seconds.isNaN ? 0 : min(max(seconds, bounds.lowerBound), bounds.upperBound)
    let whole = inside.rounded(.down)
    let nanoseconds = Int64(((inside - whole) * 1e9).rounded())
    self.init(
      seconds: Int64(whole) + Timestamp.reference + nanoseconds / 1_000_000_000,
      nanoseconds: Int32(nanoseconds % 1_000_000_000))
  }

  /// As `init(timeIntervalSinceReferenceDate:)`; nil for what cannot be said.
  init?(exactly seconds: Double) {
    self.init(timeIntervalSinceReferenceDate: seconds)
    guard abs(timeIntervalSinceReferenceDate - seconds) < 1 else { return nil }
  }

  /// The start of 2001, from which Foundation counts.
  private static let reference: Int64 = 978_307_200

  /// The seconds since the start of 2001 in UTC, for `Date(timeIntervalSinceReferenceDate:)`.
  public var timeIntervalSinceReferenceDate: Double {
    Double(seconds - Timestamp.reference) + Double(nanoseconds) / 1e9
  }

  /// Reads the form of RFC 3339; nil for anything else. Digits after the ninth of a fraction are cut.
  public init?(_ text: String) {
    var text = text
    guard let parsed = text.withUTF8({ unsafe Timestamp.parse(UnsafeRawBufferPointer($0)) }) else {
      return nil
    }
    self = parsed
  }

  private static func parse(_ bytes: UnsafeRawBufferPointer) -> Timestamp? {
    func number(_ start: Int, _ count: Int, _ range: ClosedRange<Int>) -> Int? {
      guard start + count <= bytes.count else { return nil }
      var value = 0
      for index in start..<start + count {
        let byte = unsafe bytes[index]
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      return range.contains(value) ? value : nil
    }
    func has(_ characters: String, at offset: Int) -> Bool {
      unsafe offset < bytes.count && characters.utf8.contains(bytes[offset])
    }
    guard (20...64).contains(bytes.count), let year = number(0, 4, 0...9999), has("-", at: 4),
      let month = number(5, 2, 1...12), has("-", at: 7),
      let day = number(8, 2, 1...daysOf(month, year)), has("Tt ", at: 10),
      let hour = number(11, 2, 0...23), has(":", at: 13), let minute = number(14, 2, 0...59),
      has(":", at: 16), let second = number(17, 2, 0...60)
    else { return nil }
    var offset = 19
    var nanoseconds: Int32 = 0
    if has(".", at: offset) {
      let start = offset + 1
      offset = start
      while offset < bytes.count, unsafe (0x30...0x39).contains(bytes[offset]) {
        if offset - start < 9 {
          nanoseconds = unsafe nanoseconds * 10 + Int32(bytes[offset] - 0x30)
        }
        offset += 1
      }
      guard offset > start else { return nil }
      for _ in min(9, offset - start)..<9 { nanoseconds *= 10 }
    }
    var zone = 0
    if has("Zz", at: offset) {
      offset += 1
    } else {
      guard has("+-", at: offset), let hours = number(offset + 1, 2, 0...23),
        has(":", at: offset + 3), let minutes = number(offset + 4, 2, 0...59)
      else { return nil }
      zone = (hours * 60 + minutes) * (has("-", at: offset) ? -60 : 60)
      offset += 6
    }
    guard offset == bytes.count else { return nil }
    let days = days(year: year, month: month, day: day)
    let time = hour * 3600 + minute * 60 + second
    let seconds = Int64(days * 86_400 + time - zone)
    guard range.contains(seconds) else { return nil }
    return Timestamp(seconds: seconds, nanoseconds: nanoseconds)
  }

  private static func daysOf(_ month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from the start of 1970, by counting years from March so that leap days come last.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month > 2 ? year + 400 : year + 399
    let era = shifted / 400 - 1
    let yearOfEra = shifted % 400
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

extension Timestamp: Comparable {
  /// Whether the left moment is earlier.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

extension Timestamp: CustomStringConvertible {
  /// The moment in UTC, such as `2024-05-01T10:30:00.25Z`.
  public var description: String {
    let day = seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400)
    let time = Int(seconds - day * 86_400)
    let (year, month, dayOfMonth) = Timestamp.date(day: Int(day))
    var text = Timestamp.digits(year, 4) + "-" + Timestamp.digits(month, 2) + "-"
    text += Timestamp.digits(dayOfMonth, 2) + "T" + Timestamp.digits(time / 3600, 2) + ":"
    text += Timestamp.digits(time / 60 % 60, 2) + ":" + Timestamp.digits(time % 60, 2)
    if nanoseconds > 0 {
      var fraction = Timestamp.digits(Int(nanoseconds), 9)
      while fraction.hasSuffix("0") { fraction.removeLast() }
      text += "." + fraction
    }
    return text + "Z"
  }

  /// The reverse of counting days.
  private static func date(day: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = day + 719_468 + 146_097
    let era = shifted / 146_097 - 1
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  private static func digits(_ value: Int, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
}

extension Timestamp: Codable {
  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let moment = Timestamp(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: Timestamp.expectation(text))
    }
    self = moment
  }

  /// What is said about a text that is no moment.
  static func expectation(_ text: String) -> String {
    "expected a date such as 2024-05-01T10:30:00Z, found \"\(JSONScanner.excerpt(text))\""
  }

  /// Writes the text form, in UTC.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
