import Seamstone
import TestSupport
import Testing

@Suite("Moments in the form of RFC 3339")
struct TimestampTests {
  @Test(
    "Known moments are read and printed",
    arguments: [
      ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"),
      ("2024-02-29T23:59:59.5Z", 1_709_251_199, 500_000_000, "2024-02-29T23:59:59.5Z"),
      ("2024-05-01t12:30:00+02:00", 1_714_559_400, 0, "2024-05-01T10:30:00Z"),
      ("1969-12-31 23:59:59.000000001z", -1, 1, "1969-12-31T23:59:59.000000001Z"),
      ("0000-01-01T00:00:00Z", -62_167_219_200, 0, "0000-01-01T00:00:00Z"),
      (
        "9999-12-31T23:59:59.9999999999Z", 253_402_300_799, 999_999_999,
        "9999-12-31T23:59:59.999999999Z"
      ),
      ("2016-12-31T23:59:60Z", 1_483_228_800, 0, "2017-01-01T00:00:00Z"),
      ("1900-03-01T00:00:00-11:30", -2_203_849_800, 0, "1900-03-01T11:30:00Z"),
    ] as [(String, Int64, Int32, String)])
  func known(text: String, seconds: Int64, nanoseconds: Int32, printed: String) throws {
    let moment = try #require(Timestamp(text))
    #expect(moment.seconds == seconds)
    #expect(moment.nanoseconds == nanoseconds)
    #expect(moment.description == printed)
  }

  @Test(
    "Other texts are not moments",
    arguments: [
      "", "2024", "2024-05-01", "2024-05-01T12:30:00", "2024-05-01T12:30Z", "2024-13-01T00:00:00Z",
      "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-04-31T00:00:00Z",
      "2024-00-10T00:00:00Z",
      "2024-05-01T24:00:00Z", "2024-05-01T12:60:00Z", "2024-05-01T12:30:61Z",
      "2024-05-01T12:30:00.Z",
      "2024-05-01T12:30:00+2:00", "2024-05-01T12:30:00+0200", "2024-05-01T12:30:00Zx",
      "2024-05-01T12:30:00+24:00", "０024-05-01T12:30:00Z", "0000-01-01T00:00:00+01:00",
      "2024-05-01T12:30:00.1", "9999-12-31T23:59:59-00:01", "-024-05-01T12:30:00Z",
    ])
  func other(text: String) { #expect(Timestamp(text) == nil) }

  @Test("Every day reads back and follows the one before")
  func days() throws {
    var random = SeededGenerator(seed: 8)
    var day: Int64 = -719_528
    while day <= 2_932_896 {
      let moment = Timestamp(seconds: day * 86_400 + 3_661)
      #expect(Timestamp(moment.description) == moment)
      day += Int64.random(in: 1...1_500, using: &random)
    }
    #expect(Timestamp(seconds: .max).description == "9999-12-31T23:59:59Z")
    #expect(Timestamp(seconds: .min).description == "0000-01-01T00:00:00Z")
  }
}
