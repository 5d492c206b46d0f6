// The door of the floor machine.

extension Floor {
  /// Takes one event and returns what it wants done.
  public mutating func handle(_ event: FloorEvent, at now: Instant) -> [FloorEffect] {
    switch event {
    case .seat(let key, let update, let retained): take(update, of: key, retained, now)
    case .call(let key, let update, let retained): take(update, of: key, retained, now)
    case .feed(let state): take(state, now)
    case .seen(let key): see(key)
    case .sort(let sort): resort(sort, now)
    case .filter(let filter): refilter(filter)
    case .anomaly(let kind): count(kind)
    case .time: letTimePass(now)
    }
  }

  // MARK: Updates

  private mutating func take(
    _ update: SeatUpdate, of key: AgentKey, _ retained: Bool, _ now: Instant
  ) -> [FloorEffect] {
    if update.stamp.epoch > now.unix.plus(Limits.future) { return count(.futureEpoch) }
    guard let slot = slots[key] else { return open(update, key, retained, now) }
    let known = rows[Int(slot)]
    if update.stamp < known.stamp { return retained ? [] : count(.outdated) }
    // The same once more: the broker's copy proves nothing, a live one says that the agent lives.
    if update.stamp == known.stamp, retained { return [] }
    return change(slot, now) { row in
      let isNewState = update.seat != row.seat || update.stamp.epoch != row.stamp.epoch
      row.learnSkew(update.sent, retained, now)
      if isNewState {
        row.seat = update.seat
        row.start = row.begin(update.since, isLive: !retained, now)
        row.isSeen = false
      }
      row.stamp = update.stamp
      if let name = update.name, !name.isEmpty { row.name = name }
      if let today = update.today { row.today = today }
      if let lease = update.lease { row.leaseSeconds = Int32(clamping: max(0, lease)) }
      row.hear(retained, now)
    }
  }

  private mutating func open(
    _ update: SeatUpdate, _ key: AgentKey, _ retained: Bool, _ now: Instant
  ) -> [FloorEffect] {
    guard rows.count < most else { return count(.tooMany) }
    let slot = Int32(rows.count)
    var row = FloorRow(key, update, at: now)
    row.learnSkew(update.sent, retained, now)
    row.start = row.begin(update.since, isLive: false, now)
    row.hear(retained, now)
    slots[key] = slot
    rows.append(row)
    shown.append(false)
    totals.add(row, 1)
    teams[key.team, default: FloorTotals()].add(row, 1)
    changes.add(FloorChange(uptime: row.start.uptime, seat: row.shownSeat), of: slot)
    // That she is there is news, even where nothing else is.
    return [.changed(key)] + change(slot, now) { _ in }.filter { $0 != .changed(key) }
  }

  private mutating func take(
    _ update: CallUpdate, of key: AgentKey, _ retained: Bool, _ now: Instant
  ) -> [FloorEffect] {
    if update.stamp.epoch > now.unix.plus(Limits.future) { return count(.futureEpoch) }
    guard let slot = slots[key] else {
      // A call may come before its seat: the agent is there, her status is not known.
      guard rows.count < most else { return count(.tooMany) }
      let first = SeatUpdate(
        stamp: Stamp(epoch: update.stamp.epoch, sequence: 0), seat: .unknown(0))
      return open(first, key, true, now) + take(update, of: key, retained, now)
    }
    if let published = rows[Int(slot)].published, update.stamp <= published.stamp {
      return update.stamp < published.stamp && !retained ? count(.outdated) : []
    }
    return change(slot, now) { row in
      let open = update.status.flatMap { $0.rawValue <= 3 ? $0 : nil }
      let known = row.published?.stamp.epoch == update.stamp.epoch ? row.published?.call : nil
      row.published = (
        update.stamp,
        open.map { status in
          // Said once more, it has not begun anew.
          let isSame = known?.status == status && known?.number == update.number
          let start = isSame ? known?.start : nil
          var call = FloorRow.Call(
            status: status, start: start ?? row.begin(update.since, isLive: !retained, now),
            direction: update.direction, number: update.number)
          if update.held != nil {
            call.held = known?.held ?? row.begin(update.held, isLive: !retained, now)
          }
          return call
        }
      )
      if !retained, update.stamp.epoch == row.stamp.epoch { row.hear(false, now) }
    }
  }

  // MARK: The feed and time

  private mutating func take(_ state: FeedState, _ now: Instant) -> [FloorEffect] {
    guard state != feed else { return [] }
    feed = state
    feedSince = now
    guard case .up = state else { return [] }
    // What was known before the gap has to be said again before it is believed.
    var effects: [FloorEffect] = []
    for index in rows.indices where rows[index].freshness == .fresh {
      effects += change(Int32(index), now) { $0.freshness = .unverified }
    }
    return effects
  }

  private mutating func letTimePass(_ now: Instant) -> [FloorEffect] {
    var effects: [FloorEffect] = []
    while let slot = deadlines.take(notAfter: now.uptime) {
      effects += change(slot, now) { row in
        if now.uptime >= row.leaseEnd, row.freshness != .stale, row.seat != .offline {
          row.freshness = .stale
        }
      }
    }
    return effects
  }

  private mutating func see(_ key: AgentKey) -> [FloorEffect] {
    guard let slot = slots[key], rows[Int(slot)].alert != nil, !rows[Int(slot)].isSeen else {
      return []
    }
    rows[Int(slot)].isSeen = true
    return [.changed(key)]
  }

  private mutating func count(_ kind: FloorAnomaly) -> [FloorEffect] {
    anomalies[kind, default: 0] += 1
    return [.anomaly(kind, count: anomalies[kind, default: 0])]
  }
}

extension FloorRow {
  /// When the lease runs out, on the reader's monotonic clock.
  var leaseEnd: Int64 { heard.plus(.seconds(lease)) }

  /// It was said, or kept: only what is said now is fresh.
  fileprivate mutating func hear(_ retained: Bool, _ now: Instant) {
    if retained {
      if freshness == .stale { freshness = .unverified }
      heard = now.uptime
    } else {
      heard = now.uptime
      freshness = .fresh
    }
  }

  /// Learns how far the source's clock is off from a message that was sent just now.
  fileprivate mutating func learnSkew(_ sent: Int64?, _ retained: Bool, _ now: Instant) {
    guard let sent, !retained else { return }
    skew = now.unix.minus(sent)
  }

  /// A beginning on the reader's clock: now, if it was seen to happen; else as the source tells it.
  ///
  /// A live message whose source, by its own clock's measured skew, speaks of something older tells of
  /// the past too: the reader came late, or messages were lost.
  fileprivate func begin(_ since: Int64?, isLive: Bool, _ now: Instant) -> Start {
    guard let since, !isLive || skew != nil else {
      return Start(uptime: now.uptime, isExact: isLive)
    }
    let age = min(max(0, now.unix.minus(since.plus(skew ?? 0))), 30 * 86_400_000)
    if isLive, age <= Floor.Limits.inexact { return Start(uptime: now.uptime, isExact: true) }
    let exact = skew.map { abs($0) <= Floor.Limits.inexact } ?? false
    return Start(uptime: now.uptime.minus(age * Instant.millisecond), isExact: exact)
  }
}
