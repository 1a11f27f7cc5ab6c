/// Rows of text in columns as wide as they need to be, within reason.
struct TextTable {
  /// On which side a column is ragged.
  enum Alignment { case left, right }

  /// What is longer stands out of its column: one long name must not push everything aside.
  private static let widestColumn = 48

  private let columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]] = []

  init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

  /// Adds a row; missing cells are empty.
  mutating func append(_ cells: [String]) { rows.append(cells) }

  /// The table, one line each; lines are cut at `width`.
  func lines(width: Int? = nil) -> [String] {
    let header = columns.map(\.title)
    let all = [header] + rows
    let widths = columns.indices.map { column in
      let widest = all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
      return min(widest, Self.widestColumn)
    }
    return all.map { cells in
      var text = ""
      for (column, width) in widths.enumerated() {
        let cell = column < cells.count ? cells[column] : ""
        if column > 0 { text += "  " }
        let isLast = column == columns.count - 1
        let padding = String(repeating: " ", count: max(0, width - cell.count))
        text += columns[column].alignment == .right ? padding + cell : cell
        if !isLast, columns[column].alignment == .left { text += padding }
      }
      while text.last == " " { text.removeLast() }
      return width.map { String(text.prefix($0)) } ?? text
    }
  }

  /// Writes the table to standard output, cut at the edge of a terminal.
  func show() {
    let width = Terminal.isOutputInteractive ? Terminal.width(of: 1) : nil
    for line in lines(width: width) { StandardOutput.line(line) }
  }
}
