import TestSupport
import Testing

@testable import VectorFiles

@Suite("Reading NumPy files")
struct NumPyFileTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  @Test("Every element type and header version is read", arguments: [1, 2, 3] as [UInt8])
  func types(version: UInt8) {
    let values: [Float] = [1, -2, 0.5, 6]
    let cases: [(String, [UInt8], [Float])] = [
      ("<f4", values.flatMap { FileBytes.little($0.bitPattern) }, values),
      ("<f8", values.flatMap { FileBytes.little(Double($0).bitPattern) }, values),
      ("<f2", [0x3C00, 0xC000, 0x3800, 0x4600].flatMap { FileBytes.little($0 as UInt16) }, values),
      ("|u1", [1, 2, 255, 0], [1, 2, 255, 0]), ("|i1", [1, 0xFF, 0x80, 0], [1, -1, -128, 0]),
    ]
    for (type, data, expected) in cases {
      let bytes = FileBytes.npy(version: version, type: type, shape: "(2, 2)", data: data)
      let read = Reading(folder.file("a.npy", bytes))
      #expect(read.error == nil, "\(type)")
      #expect(read.vectors == [Array(expected[..<2]), Array(expected[2...])], "\(type)")
      #expect(read.rowCount == 2)
      #expect(read.dimensions == 2)
    }
  }

  @Test("Every half-precision number is widened exactly")
  func halves() {
    for bits in 0...UInt16.max {
      let sign: Double = bits & 0x8000 == 0 ? 1 : -1
      let exponent = Int(bits >> 10) & 31
      let fraction = Double(bits & 1023)
      let value = ElementType.widen(bits)
      if exponent == 31 {
        if fraction == 0 ? value != Float(sign) * .infinity : !value.isNaN {
          Issue.record("half \(bits)")
        }
        continue
      }
      var expected = exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * 0x1p-25
      for _ in 0..<exponent { expected *= 2 }
      if value.bitPattern != Float(sign * expected).bitPattern { Issue.record("half \(bits)") }
    }
  }

  @Test("An array of one axis is one row, one of no rows is empty")
  func shapes() {
    let one = FileBytes.npy(type: "|u1", shape: "(3,)", data: [1, 2, 3])
    #expect(Reading(folder.file("a.npy", one)).vectors == [[1, 2, 3]])
    let none = Reading(folder.file("b.npy", FileBytes.npy(type: "<f4", shape: "(0, 8)", data: [])))
    #expect(none.error == nil)
    #expect(none.rowCount == 0)
    #expect(none.dimensions == 8)
    let long = FileBytes.npy(type: "|u1", shape: "(1L, 2L)", data: [1, 2])
    #expect(Reading(folder.file("c.npy", long)).vectors == [[1, 2]])
  }

  @Test("Too few and too many data are refused at once")
  func length() {
    let short = FileBytes.npy(type: "<f4", shape: "(2, 2)", data: [UInt8](repeating: 0, count: 15))
    #expect(Reading(folder.file("a.npy", short)).error?.remedy == "The file is truncated")
    let long = FileBytes.npy(type: "<f4", shape: "(2, 2)", data: [UInt8](repeating: 0, count: 17))
    #expect(Reading(folder.file("b.npy", long)).error != nil)
  }

  @Test(
    "Hostile headers are refused",
    arguments: [
      "", "{", "}", "{}", "{'descr': '<f4'}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': ()}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 1048576)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 2)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 0)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, -4)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 4611686018427387904)}",
      "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2)}",
      "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 2)}",
      "{'descr': '|O', 'fortran_order': False, 'shape': (2, 2)}",
      "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2, 2)}",
      "{'descr': [[[[[[[", "{'descr': '<f4", "{'shape': (2, 2), 'shape': (2, 2)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)} x",
      "{'descr': '<f4' 'fortran_order': False}", "{1: 2}",
    ])
  func hostile(header: String) {
    let bytes = FileBytes.npy(header: header, data: [UInt8](repeating: 0, count: 16))
    let read = Reading(folder.file("a.npy", bytes))
    #expect(read.error?.kind == .data)
    #expect(read.vectors.isEmpty)
  }

  @Test("A header longer than the file, a foreign file and a file cut in its header are refused")
  func damagedStart() {
    let whole = FileBytes.npy(type: "<f4", shape: "(1, 1)", data: [0, 0, 0, 0])
    for length in 0..<whole.count {
      let read = Reading(folder.file("a.npy", Array(whole.prefix(length))))
      #expect(read.error?.kind == .data, "\(length)")
    }
    let absurd: [UInt8] = [0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0x7F]
    #expect(Reading(folder.file("b.npy", absurd)).error != nil)
    var foreign = whole
    foreign[1] = 0
    #expect(Reading(folder.file("c.npy", foreign)).error != nil)
    foreign = whole
    foreign[6] = 9
    #expect(Reading(folder.file("d.npy", foreign)).error != nil)
  }

  @Test("A number too large for 32 bits is not finite")
  func overflow() {
    let data = FileBytes.little((1.0).bitPattern) + FileBytes.little((1e300).bitPattern)
    let read = Reading(
      folder.file("a.npy", FileBytes.npy(type: "<f8", shape: "(2, 1)", data: data)))
    #expect(read.vectors == [[1]])
    #expect(read.error?.row == 1)
    #expect(read.error?.column == 0)
  }
}
