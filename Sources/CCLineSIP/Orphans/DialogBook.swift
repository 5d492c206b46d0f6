// The calls of this program, written down while they live.

import CCCore
import CCJSON
import CLibre
import Glibc

/// What it takes to end each call, in a file that exists as long as a call does.
///
/// A file that nobody holds was left by a line that died: what stands in it are calls whose far ends still
/// listen to nobody. A call that is ended here stays in it until the far side has said so. Without a
/// folder nothing is written and nothing is found.
final class DialogBook: Debts {
  let reason = ""
  private let find: (_ isTried: Bool) -> CallFolder
  private var place: CallFolder
  private let account: String
  private var file: CallFile?
  private var records: [CallRecord] = []
  /// Those of them that were ended here, and whose end nobody has confirmed.
  private var unproven: [Unproven] = []

  private struct Unproven {
    var record: CallRecord
    /// When it is said again, on the loop's clock.
    var due: UInt64
  }

  private var hasLeft = false

  /// Where this line listens: the next one does so too, and hears what is still on its way to this one.
  var port: UInt16?
  /// Whose challenges are answered: who ends our calls answers no others.
  var pin: Credentials.Pin?
  /// Called when the last end was confirmed.
  var settled: () -> Void = {}
  /// Hears why calls are not written down, and that they are again.
  var told: (NoticeLevel, SafeText) -> Void = { _, _ in }
  /// What was told last.
  private var trouble: CallFolder.Trouble?
  /// Called when a call was ended here: its far side is still to hear it.
  var owes: () -> Void = {}
  /// Called when the far side of one has heard it, with its Call-ID.
  var heard: (String) -> Void = { _ in }

  /// `account` tells the calls of one account from those of another; the first folder is written to.
  init(account: String, folders: [String]? = nil) {
    self.account = account
    find =
      folders.map { folders in { _ in CallFolder(folders: folders) } }
      ?? { CallFolder.find(isTried: $0) }
    // Nothing is tried before the line has signed in: its first call is far.
    place = find(false)
  }

  deinit { leave() }

  /// The line has signed in: says whether calls will be written down.
  func look() {
    place = find(true)
    tell(place.trouble)
  }

  private func tell(_ next: CallFolder.Trouble?) {
    guard next != trouble else { return }
    trouble = next
    if let next {
      told(.warning, SafeText(next.sentence, limit: 300))
    } else {
      told(.cleared, "calls are written down again")
    }
  }

  /// A call is under way, or has come further.
  ///
  /// What is too long for the file is left out: it would cost the other calls their record.
  func put(_ record: CallRecord, insteadOf old: CallRecord? = nil) {
    records.removeAll { $0.callID == record.callID || $0.callID == old?.callID }
    let json = record.json
    if CallRecord(json) == record, JSONWriter.write(json).count <= Self.longestRecord {
      records.append(record)
    }
    write()
  }

  /// A call is over on both sides.
  func remove(_ record: CallRecord) {
    let before = records.count
    records.removeAll { $0.callID == record.callID }
    let wasOwed = unproven.contains { $0.record.callID == record.callID }
    unproven.removeAll { $0.record.callID == record.callID }
    if records.count != before { write() }
    if wasOwed { heard(record.callID) }
    if unproven.isEmpty { settled() }
  }

  // MARK: Ends that are not confirmed yet

  /// How long the first saying may be answered until it is said again, in milliseconds.
  static let patience: UInt64 = 2_000
  /// The same where the far side has not acknowledged our answer yet: a BYE must not come before that, or
  /// before it has had 64 times T1 (RFC 3261 section 15).
  static let patienceForACK: UInt64 = 33_000

  /// A call was ended here: what ends it is under way.
  func end(_ record: CallRecord, isAcknowledged: Bool = true) {
    guard let place = records.firstIndex(where: { $0.callID == record.callID }) else { return }
    if records[place] != record {
      records[place] = record
      write()
    }
    let patience = isAcknowledged ? Self.patience : Self.patienceForACK
    unproven.append(Unproven(record: record, due: Timer.now + patience))
    // An end that nobody ever confirms is not kept for ever.
    while unproven.count > Self.mostUnproven { remove(unproven[0].record) }
    owes()
  }

  /// Whether every end was confirmed.
  var isSettled: Bool { unproven.isEmpty }

  /// The calls whose end is to be said again by now, or all.
  func due(all: Bool) -> [CallRecord] {
    unproven.filter { all || Timer.now >= $0.due }.map(\.record)
  }

  func settle(_ record: CallRecord, as next: CallRecord?) {
    guard let next else { return remove(record) }
    guard let place = unproven.firstIndex(where: { $0.record.callID == record.callID }) else {
      return
    }
    unproven[place] = Unproven(record: next, due: Timer.now + Self.patience)
    put(next)
  }

  /// A message came that may confirm one.
  func heard(_ message: UnsafePointer<sip_msg>) {
    let callID = message.pointee.callid.text
    guard let record = unproven.first(where: { $0.record.callID == callID })?.record else { return }
    switch record.news(in: message) {
    case .none: break
    case .over: remove(record)
    case .answered(let dialog): settle(record, as: .talking(dialog))
    }
  }

  /// The line ends: what was not confirmed stays for the next one.
  func leave() {
    guard !hasLeft else { return }
    hasLeft = true
    records = unproven.map(\.record)
    if records.isEmpty { file?.remove() } else { write() }
    file?.letGo()
    file = nil
  }

  /// What dead lines of this account left, each call only once.
  func takeOrphans() -> [Orphans] {
    var orphans: [Orphans] = []
    CallFile.eachLeft(of: account, in: place.folders) { file in
      if let left = Orphans(file, of: account) { orphans.append(left) }
      return orphans.count < Self.mostOrphans
    }
    return orphans
  }

  // MARK: The file

  private static let longestRecord = 24_000
  private static let mostOrphans = 32
  private static let mostUnproven = 16

  static func content(
    _ calls: [CallRecord], account: String, port: UInt16?, pin: Credentials.Pin?
  ) -> JSONValue {
    var object = JSONObject([
      .init(name: "account", value: .string(account)),
      .init(name: "port", value: .int(Int64(port ?? 0))),
      .init(name: "calls", value: .array(calls.map(\.json))),
    ])
    if let pin {
      object["realm"] = .string(pin.realm)
      if let least = pin.least {
        object["sha256"] = .bool(least.isSHA256)
        object["qop"] = .bool(least.protectsQuality)
      }
    }
    if !Boot.id.isEmpty {
      object["boot"] = .string(Boot.id)
      object["uptime"] = .int(Int64(Boot.seconds))
    }
    return .object(object)
  }

  private func write() {
    guard !records.isEmpty else {
      file?.remove()
      file = nil
      return
    }
    let content = Self.content(records, account: account, port: port, pin: pin)
    if file?.say(content) == true {
      guard trouble != nil else { return }
      place = find(true)
      return tell(place.trouble)
    }
    // None yet, or a full one: a new one is there before the old one goes.
    if place.trouble == nil, begin(content) == nil { return tell(nil) }
    // What was mended meanwhile counts, and what somebody took away is made anew.
    place = find(true)
    let failure = begin(content)
    tell(failure ?? place.trouble)
  }

  /// Begins a new file with what is true now; nil, or why there is none.
  private func begin(_ content: JSONValue) -> CallFolder.Trouble? {
    var trouble = place.trouble
    for folder in place.folders {
      guard let new = CallFile.create(in: folder, of: account) else {
        trouble = trouble ?? CallFolder.unwritable(folder, errno)
        continue
      }
      guard new.say(content) else {
        trouble = trouble ?? CallFolder.unwritable(folder, errno)
        new.remove()
        continue
      }
      file?.remove()
      file = new
      return nil
    }
    return trouble
  }
}
