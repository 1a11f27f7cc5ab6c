/// The files of other tools that tests import, and what was put into them; index_files.py beside them has the same
/// formulas.
public enum ImportFixture {
  /// Vectors in each file.
  public static let rows = 40
  /// Components of each vector; Annoy's bits have 70.
  public static let dimensions = 6

  private static var folder: String {
    "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
      .joined(separator: "/") + "/VectorFilesTests/Fixtures"
  }

  /// Where a file is.
  public static func path(_ name: String) -> String { folder + "/" + name }

  /// The vector of a row.
  public static func vector(_ row: Int, dimensions: Int = dimensions) -> [Float] {
    (0..<dimensions).map { Float((row * 31 + $0 * 17) % 64 - 32) / 8 }
  }

  /// The id that faiss was given for a row, where it was given one.
  public static func id(_ row: Int) -> Int64 { Int64(row * 1_000_003 % 2_000_000 - 5_000) }
}
