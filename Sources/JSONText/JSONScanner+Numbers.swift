extension JSONScanner {
  /// The most bytes a number may take: far more than any number needs, and a bound on the work that
  /// one number can cause.
  static let maximumNumberLength = 1024

  /// Reads a number.
  ///
  /// `NaN` and `Infinity`, which JSON does not know but Python writes, are errors that say so.
  @inline(__always)
  package mutating func readNumber() throws(JSONError) -> JSONNumber {
    _ = peek()
    let start = position
    var number = unsafe JSONNumber(text: UnsafeRawBufferPointer(start: nil, count: 0))
    if unsafe position < bytes.count, unsafe bytes[position] == UInt8(ascii: "-") {
      number.isNegative = true
      position += 1
    }
    let integral = position
    readDigits(into: &number, fraction: false)
    let integralCount = position - integral
    guard integralCount > 0 else { throw notANumber(at: start) }
    if integralCount > 1, unsafe bytes[integral] == UInt8(ascii: "0") {
      throw error("a number with a leading zero", at: start)
    }
    if unsafe position < bytes.count, unsafe bytes[position] == UInt8(ascii: ".") {
      position += 1
      number.isWhole = false
      let fraction = position
      readDigits(into: &number, fraction: true)
      guard position > fraction else { throw error("a digit must follow the decimal point") }
    }
    if unsafe position < bytes.count, unsafe bytes[position] | 0x20 == UInt8(ascii: "e") {
      try readExponent(into: &number)
    }
    guard position - start <= JSONScanner.maximumNumberLength else {
      throw error("a number of more than \(JSONScanner.maximumNumberLength) bytes", at: start)
    }
    unsafe number.text = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    return number
  }

  @inline(__always)
  private mutating func readDigits(into number: inout JSONNumber, fraction: Bool) {
    var digits = number.digits
    var exponent = number.exponent
    while unsafe position < bytes.count {
      let digit = unsafe bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      // Below this bound one more digit cannot overflow.
      if digits < 1_000_000_000_000_000_000 {
        digits = digits &* 10 &+ UInt64(digit)
        if fraction { exponent &-= 1 }
      } else {
        if digit != 0 { number.isTruncated = true }
        if !fraction { exponent &+= 1 }
      }
      position += 1
    }
    number.digits = digits
    number.exponent = exponent
  }

  private mutating func readExponent(into number: inout JSONNumber) throws(JSONError) {
    position += 1
    number.isWhole = false
    var isNegative = false
    if unsafe position < bytes.count,
      unsafe bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+")
    {
      isNegative = unsafe bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    let start = position
    var exponent = 0
    while unsafe position < bytes.count {
      let digit = unsafe bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      // Saturates: whatever is larger than this is infinite or zero as a number.
      exponent = min(exponent * 10 + Int(digit), 100_000)
      position += 1
    }
    guard position > start else { throw error("a digit must follow the exponent's sign") }
    number.exponent += isNegative ? -exponent : exponent
  }

  /// The error for something that is not a number, naming Python's spellings of non-finite ones.
  private mutating func notANumber(at start: Int) -> JSONError {
    let rest = unsafe bytes[start...]
    for word in ["NaN", "-NaN", "Infinity", "-Infinity", "nan", "inf", "-inf"]
    where unsafe rest.starts(with: word.utf8) {
      return JSONError(offset: start, reason: "\(word) is not a finite number", isNotFinite: true)
    }
    position = start
    return unexpected("a number")
  }
}
