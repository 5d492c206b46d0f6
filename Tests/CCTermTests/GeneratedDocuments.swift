// The documents that are made from tables of this room, held against the files in docs/.

import CCTestSupport
import Testing

@testable import CCTerm

@Suite struct GeneratedDocuments {
  @Test func configuration() throws {
    let rows = ConfigKey.all.map { key in
      "| `\(key.name)` | \(words(key.kind)) | \(key.usual.isEmpty ? "" : "`\(key.usual)`") "
        + "| \(key.help) |"
    }
    let head = """
      # What can be configured

      <!-- Made from ConfigKey in Sources/CCTerm; edit that, then `make docs`. -->

      Later ones win: `/etc/ccterm/config.yaml`, `$XDG_CONFIG_HOME/ccterm/config.yaml`, `-c KEY=VALUE`.
      What stands below `locked:` in the first cannot be overridden: keys with the values that they are held at.
      One without a value is held at what the file says, or at what is usual:

      ```yaml
      locked:
        sip:
          registrar: pbx.example
        seat.wrapUp:
      ```

      A dotted key is a map in the file: `sip.account` is `account` below `sip`.
      `ccterm config show` prints each value and where it came from, secrets as `(set)`.

      | key | value | default | what it is |
      |---|---|---|---|

      """
    try Document.check("configuration.md", head + rows.joined(separator: "\n") + "\n")
  }

  private func words(_ kind: ConfigKey.Kind) -> String {
    switch kind {
    case .text: "text"
    case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .flag: "yes, no"
    case .choice(let words): words.joined(separator: ", ")
    case .country: "a country's two letters or its code"
    case .secret: "secret; never by `-c`, and only in a file for the user alone"
    }
  }
}
