// Where this account is registered, written down while it is.

import CCJSON

/// The contact that stands at the registrar, in a file that exists as long as it does.
///
/// A file that nobody holds was left by a line that died: its contact still stands there, rings for nobody,
/// and may be the only one that the registrar allows. So the next line of the account listens on the same
/// port, which makes it the same contact; where it cannot, it takes the old one back before it registers.
/// The old file stays until then: a line that dies meanwhile leaves what it found.
final class BindingFile {
  /// So many contacts of dead lines are taken back.
  static let most = 8

  let account: String
  private let folders: [String]
  private var file: CallFile?
  /// What stands at the registrar, and is ours.
  private(set) var contact: String?
  private var identity: Identity?

  /// How a registration is told from others (RFC 3261 section 10.2.4): one Call-ID, and numbers that grow.
  struct Identity: Hashable {
    var callID: String
    var sequence: UInt32
  }

  private struct Dead {
    var contact: String
    var identity: Identity?
    var file: CallFile?
  }
  /// What stands there and is nobody's any more; the first is taken back next.
  private var dead: [Dead] = []
  /// The files of dead lines whose contact is about to be ours.
  private var inherited: [CallFile] = []

  init(account: String, folders: [String] = CallFolder.find(isTried: false).folders) {
    self.account = account
    self.folders = folders
  }

  /// The contact that is to be taken back; nil: none.
  var stale: String? { dead.first?.contact }

  /// Where a dead line was reached; its port would make our contact the same one.
  var port: UInt16? {
    for contact in dead.map(\.contact) + (contact.map { [$0] } ?? []) {
      guard let address = NameAddress("<\(contact)>"),
        let port = HostPort(address.host)?.port
      else { continue }
      return port
    }
    return nil
  }

  /// The registration that stands, ours or a dead line's, to be gone on with: some registrars tell whose a
  /// place is by its Call-ID.
  var past: Identity? {
    (identity ?? dead.lazy.compactMap(\.identity).first).flatMap { past in
      let (sequence, isOver) = past.sequence.addingReportingOverflow(Self.unwritten)
      return isOver || sequence >= 1 << 31 ? nil : Identity(callID: past.callID, sequence: sequence)
    }
  }

  /// More requests than a line sends between two lines of its file.
  private static let unwritten: UInt32 = 10_000

  /// Looks for what dead lines of this account left.
  func find() {
    CallFile.eachLeft(.binding, of: account, in: folders) { file in
      take(file)
      return dead.count < Self.most
    }
  }

  private func take(_ file: CallFile) {
    guard let json = file.content, let seconds = json["seconds"]?.int, file.age < seconds,
      let contact = RecordReader(json).uri("contact")
    else { return file.remove() }
    guard json["account"]?.string == account else { return }
    guard contact != self.contact, !dead.contains(where: { $0.contact == contact }) else {
      return file.remove()
    }
    let reader = RecordReader(json)
    var identity: Identity?
    if let callID = reader.word("callID"), let sequence = reader.number("sequence") {
      identity = Identity(callID: callID, sequence: sequence)
    }
    dead.append(Dead(contact: contact, identity: identity, file: file))
  }

  /// This contact is about to be registered: those that stand there and are others are to be taken back.
  func wants(_ contact: String) {
    if let old = self.contact, old != contact {
      dead.append(Dead(contact: old))
      self.contact = nil
    }
    inherited += dead.compactMap { $0.contact == contact ? $0.file : nil }
    dead.removeAll { $0.contact == contact }
  }

  /// The first of those that are to be taken back is.
  func tookBack() {
    if !dead.isEmpty { dead.removeFirst().file?.remove() }
  }

  /// It stands there, for so many seconds.
  func stands(_ contact: String, for seconds: Int, as identity: Identity) {
    self.contact = contact
    self.identity = identity
    var content = JSONObject([
      .init(name: "account", value: .string(account)),
      .init(name: "contact", value: .string(contact)),
      .init(name: "seconds", value: .int(Int64(seconds))),
      .init(name: "callID", value: .string(identity.callID)),
      .init(name: "sequence", value: .int(Int64(identity.sequence))),
    ])
    if !Boot.id.isEmpty {
      content["boot"] = .string(Boot.id)
      content["uptime"] = .int(Int64(Boot.seconds))
    }
    if file?.say(.object(content)) != true { begin(.object(content)) }
    for file in inherited { file.remove() }
    inherited = []
  }

  /// None yet, a full one, or one that was taken away: a new one is there before the old one goes.
  private func begin(_ content: JSONValue) {
    for folder in folders {
      guard let new = CallFile.create(in: folder, of: account, .binding) else { continue }
      guard new.say(content) else {
        new.remove()
        continue
      }
      file?.remove()
      file = new
      return
    }
  }

  /// It does not stand there any more.
  func ended() {
    (contact, identity) = (nil, nil)
    file?.remove()
    file = nil
  }
}
