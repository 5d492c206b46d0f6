// The floor's order: kept row by row, made anew only when the sort or the filter changes.

extension Floor {
  /// The one way to change a row: totals, alert, deadline and place follow.
  mutating func change(_ slot: Int32, _ now: Instant, _ body: (inout FloorRow) -> Void)
    -> [FloorEffect]
  {
    let index = Int(slot)
    let before = rows[index]
    body(&rows[index])
    let alert = alert(of: rows[index], now)
    if alert != rows[index].alert {
      if alert == nil || rows[index].alert == nil { rows[index].isSeen = false }
      rows[index].alert = alert
    }
    let after = rows[index]
    recount(before, after)
    place(slot, before, after)
    deadlines.setNoLater(slot, to: nextChange(of: after, now))
    idleStarts.set(slot, to: after.shownSeat == .idle ? after.start.uptime : nil)
    log(before, after, slot, now)
    var effects: [FloorEffect] = before == after ? [] : [.changed(after.key)]
    if let alert, before.alert == nil { effects.append(.alert(after.key, alert)) }
    return effects
  }

  private mutating func recount(_ before: FloorRow, _ after: FloorRow) {
    totals.add(before, -1)
    totals.add(after, 1)
    teams[after.key.team, default: FloorTotals()].add(before, -1)
    teams[after.key.team, default: FloorTotals()].add(after, 1)
  }

  private mutating func place(_ slot: Int32, _ before: FloorRow, _ after: FloorRow) {
    let isShown = lets(after)
    let wasShown = shown[Int(slot)]
    guard isShown || wasShown else { return }
    let (old, new) = (rank(of: before), rank(of: after))
    if wasShown, isShown, old == new { return }
    if wasShown { order.remove(.init(rank: old, slot: slot)) }
    if isShown { order.insert(.init(rank: new, slot: slot)) }
    shown[Int(slot)] = isShown
  }

  private mutating func log(_ before: FloorRow, _ after: FloorRow, _ slot: Int32, _ now: Instant) {
    let call = after.call?.status
    let isNew = before.shownSeat != after.shownSeat || before.start != after.start
    guard isNew || before.call?.status != call else { return }
    let began =
      after.shownSeat == nil ? now.uptime : isNew ? after.start.uptime : now.uptime
    changes.add(FloorChange(uptime: began, seat: after.shownSeat, call: call), of: slot)
  }

  // MARK: Alerts

  private func alert(of row: FloorRow, _ now: Instant) -> FloorAlert? {
    guard row.freshness != .stale, row.seat != .offline else { return nil }
    if let skew = row.skew, abs(skew) > Limits.skewed { return .skew(seconds: Int(skew / 1000)) }
    if let call = row.call, call.status == .ringing, let limit = thresholds.ringing,
      call.start.seconds(at: now) >= limit
    {
      return .ringing(limit: limit)
    }
    if let held = row.call?.held, let limit = thresholds.held, held.seconds(at: now) >= limit {
      return .held(limit: limit)
    }
    guard let limit = thresholds.limit(of: row.seat), row.start.seconds(at: now) >= limit else {
      return nil
    }
    return .over(row.seat, limit: limit)
  }

  /// When time alone changes the row next: a threshold, or the end of the lease.
  private func nextChange(of row: FloorRow, _ now: Instant) -> Int64? {
    guard row.seat != .offline, row.freshness != .stale else { return nil }
    var moments: [Int64] = []
    if let limit = thresholds.limit(of: row.seat) { moments.append(moment(row.start, limit)) }
    if let call = row.call, call.status == .ringing, let limit = thresholds.ringing {
      moments.append(moment(call.start, limit))
    }
    if let held = row.call?.held, let limit = thresholds.held {
      moments.append(moment(held, limit))
    }
    // A threshold that is over has been seen; the end of a lease is to be, also where it is now.
    return min(row.leaseEnd, moments.filter { $0 > now.uptime }.min() ?? .max)
  }

  private func moment(_ start: FloorRow.Start, _ seconds: Int) -> Int64 {
    start.uptime.plus(.seconds(seconds))
  }

  // MARK: Sort and filter

  mutating func resort(_ sort: FloorSort, _ now: Instant) -> [FloorEffect] {
    guard sort != self.sort else { return [] }
    self.sort = sort
    rebuild()
    return []
  }

  mutating func refilter(_ filter: FloorFilter) -> [FloorEffect] {
    guard filter != self.filter else { return [] }
    self.filter = filter
    var hasNew = false
    for index in rows.indices {
      let isShown = filter.lets(rows[index])
      if isShown, !shown[index] { hasNew = true }
      shown[index] = isShown
    }
    // A filter that is typed on only takes away: what is left stands in its order already.
    if hasNew { rebuild() } else { order.keep { shown[Int($0)] } }
    return []
  }

  private mutating func rebuild() {
    var slots: [Int32] = []
    slots.reserveCapacity(rows.count)
    for index in rows.indices where shown[index] { slots.append(Int32(index)) }
    order = RankedList(slots) { rank(of: rows[Int($0)]) }
  }

  func lets(_ row: FloorRow) -> Bool { filter.lets(row) }
}
