// What the token service says of its work: who got a credential, never the credential.

import CCCore
import Foundation

/// One washed line an event on stderr; journald keeps them, with the time.
enum ServiceLog {
  static func add(_ line: String) {
    Out.error(SafeText(line, limit: 400).string)
  }
}
