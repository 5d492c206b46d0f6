// A stand-in for the vendor's cloud: what it holds, and what it answers.

import CCJSON
import COpenSSL
import Foundation

/// The vendor's side of the contract, strict where the documentation is: signature, timestamp, and one
/// live credential per seat.
public actor FakeCloud {
  /// The pair of the vendor's own test vector.
  public static let key = "bDqJFiq9"
  /// What belongs to it.
  public static let secret = "7bz1lzh9"

  /// How it behaves.
  public enum Mood: Hashable, Sendable {
    case normal
    /// A refusal with this code, whatever is asked.
    case refuse(Int)
    /// A status of HTTP, with a text.
    case http(Int)
    /// A web page.
    case page
    /// No answer.
    case silent
    /// So many bytes.
    case huge(Int)
    /// Not JSON.
    case garbage
  }

  /// A seat.
  public struct Seat: Hashable, Sendable {
    /// Its account.
    public var account: String
    /// Its name.
    public var name: String
    /// Its group's name.
    public var group: String
    /// 1 offline, 2 idle, 3 busy, 4 post-call, 5 short break.
    public var status: Int
    /// 0 enabled, 1 disabled.
    public var enable = 0
    /// Makes a seat; its name is its account where none is given.
    public init(_ account: String, name: String = "", group: String = "sales", status: Int = 1) {
      self.account = account
      self.name = name.isEmpty ? account : name
      self.group = group
      self.status = status
    }
  }

  /// How it behaves now.
  public var mood = Mood.normal
  /// Whether `status` is sent as a number, as one of the vendor's pages has it.
  public var statusIsNumber = false
  /// Whether the credential is sent as a bare string, as the documentation's type says.
  public var dataIsString = false
  /// Whether a list of seats needs a span of time, as some versions of the page say.
  public var needsSpan = false
  /// Seconds that its clock is ahead of this machine's.
  public var clockAhead: Int64 = 0
  /// Every seat, in the order of the list.
  public var seats: [Seat]
  /// The live credential of each seat.
  public private(set) var live: [String: String] = [:]
  /// What was issued, in order.
  public private(set) var issued: [String] = []
  /// How many requests came.
  public private(set) var asked = 0
  /// Run after each page of seats: seats move between pages.
  public var afterPage: (@Sendable (inout [Seat], Int) -> Void)?

  /// Makes one with three seats.
  public init(
    seats: [Seat] = [
      Seat("0705C245_001", name: "Li Wei"), Seat("0705C245_002", name: "Ana"),
      Seat("0705C245_003", name: "Bo"),
    ]
  ) {
    self.seats = seats
  }

  /// Changes something.
  public func set(_ change: @Sendable (isolated FakeCloud) -> Void) { change(self) }

  /// Whether a credential is the live one of its seat.
  public func isLive(_ credential: String) -> Bool { live.values.contains(credential) }

  /// Answers one request of the API.
  public func answer(path: String, headers: [String: String], body: [UInt8]) -> (Int, [UInt8]) {
    asked += 1
    let now = Int64(Date().timeIntervalSince1970) + clockAhead
    if let refusal = refusal(headers, now) { return (200, envelope(refusal.0, refusal.1, nil)) }
    let json = (try? JSONReader.read(body)) ?? .null
    switch path {
    case "/v3/cc/seat/createSdkAuthentication": return (200, create(json))
    case "/v3/cc/seat/query": return (200, query(json))
    default: return (404, [])
    }
  }

  private func refusal(_ headers: [String: String], _ now: Int64) -> (Int, String)? {
    if case .refuse(let code) = mood {
      return (code, code == -16 ? "timestamp expires" : "refused")
    }
    guard headers["content-type"]?.lowercased() == "application/json;charset=utf-8" else {
      return (-22, "content type")
    }
    guard headers["api-key"] == Self.key, let time = headers["timestamp"],
      let sign = headers["sign"],
      sign.lowercased() == Self.md5(Self.key + Self.secret + time)
    else { return (-1, "Authentication error") }
    guard let seconds = Int64(time), abs(seconds - now) <= 300 else {
      return (-16, "timestamp expires")
    }
    return nil
  }

  private func create(_ json: JSONValue) -> [UInt8] {
    guard let account = json["account"]?.string, let expires = json["expires"]?.int,
      (60...28_800).contains(expires)
    else { return envelope(-22, "parameter error", nil) }
    guard seats.contains(where: { $0.account == account }) else {
      return envelope(-24, "data does not exist", nil)
    }
    let credential = "Bearer SDNVerRWZp:\(account):\(UUID().uuidString.lowercased())"
    live[account] = credential
    issued.append(account)
    return envelope(
      0, "success", dataIsString ? .string(credential) : ["authentication": .string(credential)])
  }

  private func query(_ json: JSONValue) -> [UInt8] {
    guard let current = json["current"]?.int, let size = json["size"]?.int, current >= 1,
      (1...100).contains(size), let params = json["params"]?.object,
      !needsSpan || (params["strTime"]?.string?.count == 19 && params["endTime"] != nil)
    else { return envelope(-22, "parameter error", nil) }
    let first = min(seats.count, (current - 1) * size)
    let records = seats[first..<min(seats.count, first + size)].enumerated().map { index, seat in
      JSONValue.object(
        JSONObject([
          .init(name: "keyId", value: .int(Int64(first + index))),
          .init(name: "account", value: .string(seat.account)),
          .init(name: "name", value: .string(seat.name)),
          .init(name: "groupName", value: .string(seat.group)),
          .init(name: "password", value: "seat-passw0rd"),
          .init(name: "enable", value: .int(Int64(seat.enable))),
          .init(name: "status", value: .int(Int64(seat.status))),
        ]))
    }
    let pages = (seats.count + size - 1) / size
    let data: JSONValue = [
      "total": .int(Int64(seats.count)), "size": .int(Int64(size)), "current": .int(Int64(current)),
      "pages": .int(Int64(pages)), "records": .array(records),
    ]
    afterPage?(&seats, current)
    return envelope(0, "success", data)
  }

  private func envelope(_ status: Int, _ reason: String, _ data: JSONValue?) -> [UInt8] {
    JSONWriter.write([
      "status": statusIsNumber ? .int(Int64(status)) : .string(String(status)),
      "reason": .string(reason), "data": data ?? .null,
    ])
  }

  // A second opinion on the signature: OpenSSL, without the code under test.
  static func md5(_ text: String) -> String {
    var digest = [UInt8](repeating: 0, count: 16)
    let bytes = Array(text.utf8)
    EVP_Digest(bytes, bytes.count, &digest, nil, EVP_md5(), nil)
    return digest.map { String(format: "%02x", $0) }.joined()
  }
}
