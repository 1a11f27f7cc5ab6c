/// Rows of text in columns as wide as they need to be.
struct TextTable {
  /// On which side a column is ragged.
  enum Alignment { case left, right }

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
      all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return all.map { cells in
      var text = ""
      for (column, width) in widths.enumerated() {
        let cell = column < cells.count ? cells[column] : ""
        let padding = String(repeating: " ", count: width - cell.count)
        if column > 0 { text += "  " }
        text += columns[column].alignment == .right ? padding + cell : cell + padding
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
