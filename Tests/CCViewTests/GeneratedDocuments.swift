// The documents that are made from tables of this room, held against the files in docs/.

import CCTestSupport
import CCView
import Testing

@Suite struct GeneratedDocuments {
  @Test func keys() throws {
    try Document.check("keys.md", KeyDocs.markdown())
  }
}
