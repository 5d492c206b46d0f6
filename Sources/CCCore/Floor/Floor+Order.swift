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
    rows[index].rank = rank(of: rows[index])
    let after = rows[index]
    recount(before, after)
    place(slot, before.rank)
    deadlines.set(slot, to: nextChange(of: after, now))
    var effects: [FloorEffect] = before == after && shown[index] ? [] : [.changed(after.key)]
    if let alert, before.alert == nil { effects.append(.alert(after.key, alert)) }
    return effects
  }

  private mutating func recount(_ before: FloorRow, _ after: FloorRow) {
    totals.add(before, -1)
    totals.add(after, 1)
    teams[after.key.team, default: FloorTotals()].add(before, -1)
    teams[after.key.team, default: FloorTotals()].add(after, 1)
  }

  private mutating func place(_ slot: Int32, _ old: FloorRank) {
    let row = rows[Int(slot)]
    let isShown = lets(row)
    if shown[Int(slot)], isShown, old == row.rank { return }
    if shown[Int(slot)] { order.remove(.init(rank: old, slot: slot)) }
    if isShown { order.insert(.init(rank: row.rank, slot: slot)) }
    shown[Int(slot)] = isShown
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
    guard let limit = limit(of: row.seat), row.start.seconds(at: now) >= limit else { return nil }
    return .over(row.seat, limit: limit)
  }

  private func limit(of seat: Seat) -> Int? {
    switch seat {
    case .shortBreak: thresholds.shortBreak
    case .postCall: thresholds.postCall
    case .idle: thresholds.idle
    case .busy, .offline, .unknown: nil
    }
  }

  /// When time alone changes the row next: a threshold, or the end of the lease.
  private func nextChange(of row: FloorRow, _ now: Instant) -> Int64? {
    guard row.seat != .offline, row.freshness != .stale else { return nil }
    var moments = [row.leaseEnd]
    if let limit = limit(of: row.seat) { moments.append(moment(row.start, limit)) }
    if let call = row.call, call.status == .ringing, let limit = thresholds.ringing {
      moments.append(moment(call.start, limit))
    }
    return moments.filter { $0 > now.uptime }.min() ?? row.leaseEnd
  }

  private func moment(_ start: FloorRow.Start, _ seconds: Int) -> Int64 {
    start.uptime &+ Int64(seconds) * Instant.second
  }

  // MARK: Sort and filter

  private func rank(of row: FloorRow) -> FloorRank {
    let tier: UInt8 = row.alert != nil ? 0 : row.shownSeat == nil ? 1 : 2
    switch sort {
    case .time: return FloorRank(tier: tier, number: row.start.uptime, text: "")
    case .status: return FloorRank(tier: tier, number: Int64(row.seat.code), text: row.name.string)
    case .name: return FloorRank(tier: tier, number: 0, text: row.name.string)
    case .team:
      return FloorRank(tier: tier, number: 0, text: "\(row.key.team)\u{0}\(row.name.string)")
    case .calls: return FloorRank(tier: tier, number: -Int64(row.today?.calls ?? 0), text: "")
    }
  }

  mutating func resort(_ sort: FloorSort, _ now: Instant) -> [FloorEffect] {
    guard sort != self.sort else { return [] }
    self.sort = sort
    for index in rows.indices { rows[index].rank = rank(of: rows[index]) }
    rebuild()
    return []
  }

  mutating func refilter(_ filter: FloorFilter) -> [FloorEffect] {
    guard filter != self.filter else { return [] }
    self.filter = filter
    for index in rows.indices { shown[index] = lets(rows[index]) }
    rebuild()
    return []
  }

  private mutating func rebuild() {
    var entries: [RankedList.Entry] = []
    entries.reserveCapacity(rows.count)
    for index in rows.indices where shown[index] {
      entries.append(.init(rank: rows[index].rank, slot: Int32(index)))
    }
    order = RankedList(entries)
  }

  private func lets(_ row: FloorRow) -> Bool {
    if filter.isOpen { return true }
    if let team = filter.team, team != row.key.team { return false }
    if filter.alertsOnly, row.alert == nil { return false }
    if filter.words.isEmpty { return true }
    let text = "\(row.name.string) \(row.key) \(row.shownSeat?.name ?? "unknown")".lowercased()
    return filter.words.allSatisfy(text.contains)
  }
}
