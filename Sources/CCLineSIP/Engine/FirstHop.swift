// Where the requests of a call go when its first hop is a name.

import CLibre
import Glibc

/// The registrar as the first hop of dialogs.
///
/// A proxy may write its name into Record-Route, and a far end into Contact. libre would ask a name
/// server that it has not got, so ACK and BYE would never leave; `sips:` it refuses altogether. They go
/// through the registrar then, as all requests outside of calls do (RFC 3261 section 8.1.2: a
/// pre-configured route); the headers stay as they came, and a proxy that is not meant hands them on.
enum FirstHop {
  /// Texts that live as long as the program: a dialog outlives its stack while a BYE is answered.
  private static let texts = Lock<[String: Int]>([:])

  /// Leads a session's requests through a route where nothing else can be done.
  static func steer(_ session: OpaquePointer?, through route: String) {
    guard let session, let dialog = sipsess_dialog(session) else { return }
    let text = texts.with { texts -> Int in
      if let text = texts[route] { return text }
      let text = Int(bitPattern: strdup(route))
      texts[route] = text
      return text
    }
    guard let text = UnsafePointer<CChar>(bitPattern: text) else { return }
    cc_steer(dialog, text)
  }
}
