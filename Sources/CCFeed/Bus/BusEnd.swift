// How a connection to a broker ends.

/// Why a connection ended.
enum BusEnd: Hashable {
  /// The owner wanted it.
  case ended
  /// The owner wants a new one.
  case renewed
  /// Nobody took us, or the broker went away.
  case lost(String)
  /// The broker knows us and does not want us.
  case refused(String)

  var isRefused: Bool { if case .refused = self { true } else { false } }

  var words: String {
    switch self {
    case .ended: "closed"
    case .renewed: "connecting anew"
    case .lost(let words), .refused(let words): words
    }
  }
}
