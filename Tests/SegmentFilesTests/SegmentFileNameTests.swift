import SegmentFiles
import Testing

@Suite("Names of segment files")
struct SegmentFileNameTests {
  @Test("read back to what they were made from", arguments: [0, 1, 0x17, 0xABCDEF, UInt64.max])
  func roundTrip(number: UInt64) {
    for name in [SegmentFileName.segment(number), .temporary(number), .quarantined(number)] {
      #expect(SegmentFileName(parsing: name.name) == name)
      #expect(name.number == number)
    }
    #expect(SegmentFileName.parse(SegmentFileName.segment(number).name) == number)
    #expect(SegmentFileName.parse(SegmentFileName.temporary(number).name) == nil)
  }

  @Test("have a fixed form")
  func form() {
    #expect(SegmentFileName.segment(0x17).name == "0000000000000017.seg")
    #expect(SegmentFileName.temporary(10).name == "000000000000000a.seg.tmp")
    #expect(SegmentFileName.quarantined(.max).name == "ffffffffffffffff.seg.bad")
    #expect(SegmentFileName.segment(1).path(in: "a/b") == "a/b/0000000000000001.seg")
    #expect(SegmentFileName.segment(1).path(in: "a/") == "a/0000000000000001.seg")
    #expect(SegmentFileName.segment(1).path(in: "") == "0000000000000001.seg")
  }

  @Test(
    "of any other form are not ours",
    arguments: [
      "", ".seg", "17.seg", "000000000000000A.seg", "0000000000000017.SEG", "0000000000000017.seg ",
      "0000000000000017.segx", "0000000000000017", "00000000000000017.seg", "+000000000000017.seg",
      "0000000000000017.seg.tmp.bad", "data.mdb", "ééééééééééé.seg", "00000000000000é7.seg",
    ])
  func foreign(name: String) { #expect(SegmentFileName(parsing: name) == nil) }
}
