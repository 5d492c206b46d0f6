// What a dead line left, held until it is ended.

import CCJSON

/// The calls of one dead line.
///
/// Its file is locked as long as this value lives, and goes with the last
/// call that is ended; what is not ended stays in it for whoever comes next.
final class Orphans: Debts {
  let reason = "the line was restarted"
  /// The calls that are not ended yet.
  private(set) var calls: [CallRecord]
  /// Where the line listened.
  let port: UInt16?
  /// Whose challenges may be answered.
  let pin: Credentials.Pin?
  private let file: CallFile
  private let account: String

  /// Reads a file that nobody holds any more; nil where it is another account's, or spoilt: then it goes.
  init?(_ file: CallFile, of account: String) {
    guard file.age <= Self.longestWait, let json = file.content else {
      file.remove()
      return nil
    }
    guard json["account"]?.string == account else { return nil }
    guard case .array(let list)? = json["calls"] else {
      file.remove()
      return nil
    }
    calls = list.compactMap { CallRecord($0) }
    guard !calls.isEmpty else {
      file.remove()
      return nil
    }
    let port = json["port"]?.int.flatMap { UInt16(exactly: $0) }
    self.port = port == 0 ? nil : port
    pin = json["realm"]?.string.map { realm in
      guard case .bool(let isSHA256)? = json["sha256"], case .bool(let quality)? = json["qop"]
      else {
        return Credentials.Pin(realm: realm)
      }
      return Credentials.Pin(
        realm: realm, least: Credentials.Strength(isSHA256: isSHA256, protectsQuality: quality))
    }
    self.file = file
    self.account = account
  }

  /// Seconds after which nobody is waited for any more: a call may have lasted long before its line died,
  /// and a hang-up that comes too late is answered by 481 and harms nobody.
  static let longestWait = 7 * 86_400

  /// A call is ended, or has become another: nil.
  func settle(_ record: CallRecord, as next: CallRecord?) {
    guard let place = calls.firstIndex(where: { $0.callID == record.callID }) else { return }
    calls.remove(at: place)
    if let next { calls.append(next) }
    guard !calls.isEmpty else { return file.remove() }
    _ = file.say(DialogBook.content(calls, account: account, port: port, pin: pin))
  }
}
