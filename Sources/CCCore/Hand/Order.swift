// What a supervisor asks of an agent, and what comes back.

/// A wish of a supervisor, on its way to one agent's desk (design section 6).
public struct Order: Hashable, Sendable {
  /// What is wished for.
  public enum Wish: Hashable, Sendable {
    /// That she reads the text.
    case message
    /// That she takes this status.
    case seat(Seat)
    /// That she goes offline.
    case signOff

    /// The kinds, as they stand in a topic, in `--json` and in `bus.obey`.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      case message, seat, signOff
    }

    /// Its kind.
    public var kind: Kind {
      switch self {
      case .message: .message
      case .seat: .seat
      case .signOff: .signOff
      }
    }
  }

  /// Unlike every other order's; 1 to 64 of `[A-Za-z0-9_-]`.
  public var id: String
  /// Unix milliseconds on the desk's clock; later it is not obeyed.
  public var expires: Int64
  /// The connection of the desk that it was meant for.
  public var epoch: Int64
  /// Who asks.
  public var from: SafeText
  /// What for.
  public var wish: Wish
  /// Words to it; a message has some.
  public var text: SafeText

  /// Makes an order.
  public init(
    id: String, expires: Int64, epoch: Int64, from: SafeText, wish: Wish, text: SafeText = ""
  ) {
    self.id = id
    self.expires = expires
    self.epoch = epoch
    self.from = from
    self.wish = wish
    self.text = text
  }

  /// The most cells of a text.
  public static let longestText = 200

  /// What is asked, in words: `break over, please`, `asks for idle`, `asks to sign off (fire drill)`.
  public var words: String {
    let more = text.isEmpty ? "" : " (\(text))"
    return switch wish {
    case .message: text.string
    case .seat(let seat): "asks for \(seat.name)\(more)"
    case .signOff: "asks to sign off\(more)"
    }
  }
}

/// What a desk says to an order: at once when it came, and again when the agent has decided.
public struct OrderAnswer: Hashable, Sendable {
  /// How it stands.
  public enum State: String, Hashable, Sendable {
    /// On the agent's screen; she decides.
    case shown
    /// Read, or obeyed.
    case done
    /// Not obeyed: by her, or by the desk, which says why.
    case refused
  }

  /// The order's id.
  public var id: String
  /// How it stands.
  public var state: State
  /// Why it is refused.
  public var reason: SafeText

  /// Makes an answer.
  public init(id: String, state: State, reason: SafeText = "") {
    self.id = id
    self.state = state
    self.reason = reason
  }
}

/// What a desk does with the orders of a supervisor (`bus.obey`).
public struct OrderPolicy: Hashable, Sendable {
  /// What is done with one kind.
  public enum Rule: String, Hashable, Sendable, CaseIterable {
    /// The agent decides.
    case ask
    /// It is done, and she is told.
    case always
    /// It is refused by the desk.
    case never
  }

  /// Messages.
  public var message: Rule
  /// A status.
  public var seat: Rule
  /// Signing off.
  public var signOff: Rule

  /// Makes a policy.
  public init(message: Rule = .ask, seat: Rule = .ask, signOff: Rule = .ask) {
    self.message = message
    self.seat = seat
    self.signOff = signOff
  }

  /// The rule of a wish.
  public func rule(of wish: Order.Wish) -> Rule {
    switch wish {
    case .message: message
    case .seat: seat
    case .signOff: signOff
    }
  }
}
