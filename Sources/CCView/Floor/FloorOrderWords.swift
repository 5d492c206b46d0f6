// A supervisor's orders in words: how each stands, and whom a target means.

import CCCore

extension SentOrder {
  /// How it stands: `no answer after 3 s`.
  public var words: String {
    switch state {
    case .sending: "sending"
    case .sent: "sent"
    case .notDelivered(let why): "not delivered: \(why)"
    case .noAnswer: "delivered, no answer after 3 s"
    case .shown: "on her screen"
    case .done: order.wish.kind == .message ? "read" : "done"
    case .refused(let why): why.isEmpty ? "refused" : "refused: \(why)"
    }
  }

  /// To whom, what, how it stands: `Ana Ruiz, break over: on her screen`.
  public var sentence: String { "\(name), \(order.words): \(words)." }

  /// Whether the supervisor has to do something about it.
  public var isTrouble: Bool {
    switch state {
    case .notDelivered, .noAnswer, .refused: true
    case .sending, .sent, .shown, .done: false
    }
  }
}

extension HandTarget {
  /// `Ana Ruiz`, or `all 12 of red`.
  public func words(_ floor: Floor) -> String {
    switch self {
    case .agent(let key): floor.row(key)?.name.string ?? key.description
    case .team(let team): "all \(floor.rows(of: self).count) of \(team)"
    }
  }
}
