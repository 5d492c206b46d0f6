// A supervisor's orders at the desk: shown, decided by the agent, answered once.

/// An order that waits for the agent's word.
public struct WaitingOrder: Hashable, Sendable {
  /// The order.
  public var order: Order
  /// When it came.
  public var since: Instant
}

/// What became of an order at the desk.
public enum OrderOutcome: Hashable, Sendable {
  /// It is shown and waits.
  case asked
  /// It was obeyed, by her or by the desk's policy.
  case done
  /// She or the desk refused; why.
  case refused(SafeText)
  /// Nobody decided in time.
  case expired
}

extension Desk {
  /// What a supervisor is told where the agent refused.
  public static let refusedByAgent: SafeText = "refused by the agent"

  /// The bounds of the orders of a desk.
  enum OrderLimits {
    /// How many wait for the agent at most.
    static let waiting = 8
    /// How many are remembered, so that one that comes twice is obeyed once.
    static let remembered = 64
  }

  /// Takes an order, heard on the connection of `epoch`.
  ///
  /// It moves no focus and rings only outside a call. One that is known already gets the same answer
  /// again; one that is late, or was meant for an earlier connection, is refused by name.
  mutating func take(_ order: Order, epoch: Int64, _ turn: inout Turn) {
    if let known = memory.answers.first(where: { $0.id == order.id }) {
      return turn.ask(.reply(known))
    }
    if order.epoch != epoch {
      return refuse(order, "meant for an earlier sign-in of this desk", &turn)
    }
    if order.expires <= turn.now.unix { return refuse(order, "came too late", &turn) }
    switch settings.obey.rule(of: order.wish) {
    case .never: refuse(order, "this desk takes no such orders", &turn)
    case .always: obey(order, &turn)
    case .ask: ask(order, &turn)
    }
  }

  /// The agent's word on an order that waits.
  mutating func decide(_ id: String, accepts: Bool, _ turn: inout Turn) {
    guard let index = orders.firstIndex(where: { $0.order.id == id }) else {
      return turn.notice(.warning, "Nobody waits for an answer any more.")
    }
    let order = orders.remove(at: index).order
    waitForNextExpiry(&turn)
    if accepts { obey(order, &turn) } else { refuse(order, Self.refusedByAgent, &turn) }
  }

  /// Orders whose time is over go, and their senders are told.
  mutating func letOrdersExpire(_ turn: inout Turn) {
    let late = orders.filter { $0.order.expires <= turn.now.unix }
    orders.removeAll { $0.order.expires <= turn.now.unix }
    for waiting in late {
      answer(waiting.order, .refused, "nobody answered in time", &turn)
      turn.tell(.order(waiting.order, .expired))
    }
    waitForNextExpiry(&turn)
  }

  /// Asks her; whoever asked for a status before and now asks for another wants the second.
  private mutating func ask(_ order: Order, _ turn: inout Turn) {
    if order.wish != .message {
      let older = orders.map(\.order).filter { $0.from == order.from && $0.wish != .message }
      orders.removeAll { older.contains($0.order) }
      for order in older { refuse(order, "another order came after it", &turn) }
    }
    guard orders.count < OrderLimits.waiting else {
      return refuse(order, "too many wait already", &turn)
    }
    orders.append(WaitingOrder(order: order, since: turn.now))
    answer(order, .shown, "", &turn)
    turn.tell(.order(order, .asked))
    if !hasOpenCall, attempt == nil { turn.ask(.bell(.soft)) }
    waitForNextExpiry(&turn)
  }

  private mutating func obey(_ order: Order, _ turn: inout Turn) {
    let wanted: Seat? =
      switch order.wish {
      case .message: nil
      case .seat(let seat): seat
      case .signOff: .offline
      }
    if let wanted, let why = whyNotTake(wanted) { return refuse(order, why, &turn) }
    answer(order, .done, "", &turn)
    turn.tell(.order(order, .done))
    if let wanted { choose(wanted, &turn) }
  }

  private func whyNotTake(_ seat: Seat) -> SafeText? {
    if !seat.isChoosable { return "that status cannot be chosen" }
    if case .evicted = link { return "signed in elsewhere" }
    if case .off = link { return seat == .offline ? "offline already" : "the agent is offline" }
    if setsSeatAlone, link.isUp || seat != .offline {
      return "this desk's line sets the status by itself"
    }
    return nil
  }

  private mutating func refuse(_ order: Order, _ why: SafeText, _ turn: inout Turn) {
    answer(order, .refused, why, &turn)
    turn.tell(.order(order, .refused(why)))
  }

  private mutating func answer(
    _ order: Order, _ state: OrderAnswer.State, _ reason: SafeText, _ turn: inout Turn
  ) {
    let answer = OrderAnswer(id: order.id, state: state, reason: reason)
    memory.answers.removeAll { $0.id == order.id }
    memory.answers.append(answer)
    if memory.answers.count > OrderLimits.remembered { memory.answers.removeFirst() }
    turn.ask(.reply(answer))
  }

  private func waitForNextExpiry(_ turn: inout Turn) {
    guard let next = orders.map(\.order.expires).min() else { return turn.cancel(.orders) }
    // One that never ends is looked at once a day.
    let left = min(max(0, next.minus(turn.now.unix)), Limits.longestOrderWait)
    turn.ask(.startTimer(.orders, after: (left + 1) * Instant.millisecond))
  }
}
