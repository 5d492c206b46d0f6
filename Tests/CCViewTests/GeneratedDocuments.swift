// The documents that are made from tables in the code, held against the files in docs/.

import CCView
import Foundation
import Testing

/// `make docs` writes what this compares; nobody edits those files by hand.
@Suite struct GeneratedDocuments {
  @Test func keys() throws {
    try hold("keys.md", keysDocument())
  }

  private func hold(_ name: String, _ text: String) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/\(name)").standardized
    if ProcessInfo.processInfo.environment["CCTERM_UPDATE_GOLDENS"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOf: file, encoding: .utf8)
    #expect(written == text, "docs/\(name) is not what the code says; `make docs` writes it")
  }

  private func keysDocument() -> String {
    let rows = CommandTable.rows
    let keyed = rows.filter { $0.key != nil }.map { row in
      "| \(row.keyLabel) | \(letter(row)) | \(words(row)) | \(row.help) | \(row.when) |"
    }
    let spoken = rows.filter { $0.key == nil }.map { "| \(words($0)) | \($0.help) |" }
    return """
      # Keys and words of the desk

      `make docs` writes this page from the table of commands in `Sources/CCView/Commands`; \
      do not edit it.

      The text fields have the focus, so commands are function keys.
      Where a terminal keeps those for itself, `^X` and the letter do the same.
      In plain mode the words do, and so does their unambiguous beginning.

      | key | ^X | word | what it does | enabled |
      |---|---|---|---|---|
      \(keyed.joined(separator: "\n"))

      ## Words of plain mode that have no key

      | word | what it does |
      |---|---|
      \(spoken.joined(separator: "\n"))

      """
  }

  private func letter(_ row: CommandRow) -> String {
    row.letter.map { "`\($0)`" } ?? ""
  }

  private func words(_ row: CommandRow) -> String {
    row.words.first.map { "`\($0)`" } ?? ""
  }
}
