// What was asked, so that an answer is known to be one.

import CLibre

/// The requests that went out last: an answer belongs to one by the branch of its Via, the method and the
/// number of its CSeq, and the host that it comes from (RFC 3261 section 17.1.3, and 18.1.2).
struct SentRequests {
  private struct Request {
    var number: UInt32
    var isInvite: Bool
    var method: String
    var peer: sa
  }

  private var requests: [String: Request] = [:]
  private var order: [String] = []

  /// So many are remembered: an INVITE's answers may come for half a minute.
  static let most = 512

  /// A request goes out.
  mutating func add(_ head: MessageHead, to peer: sa) {
    guard case .request(let method) = head.start, method != "ACK", let branch = head.branch,
      let sequence = head.sequence
    else { return }
    // A CANCEL has its INVITE's branch and number, and both are answered.
    if let known = requests[branch], known.isInvite || method != "INVITE" {
      requests[branch]?.peer = peer
      return
    }
    if requests.updateValue(
      Request(
        number: sequence.number, isInvite: method == "INVITE" || method == "CANCEL",
        method: method, peer: peer), forKey: branch) == nil
    {
      order.append(branch)
    }
    guard order.count > Self.most else { return }
    let old = order.prefix(order.count - Self.most / 2)
    for branch in old { requests[branch] = nil }
    order.removeFirst(old.count)
  }

  /// Whether an answer belongs to one; `isTrusted`: it comes from a host that may answer for others.
  func expects(_ head: MessageHead, from peer: sa, isTrusted: Bool) -> Bool {
    guard let branch = head.branch, let request = requests[branch],
      let sequence = head.sequence, sequence.number == request.number,
      isTrusted || request.peer.isSameHost(as: peer)
    else { return false }
    return sequence.method == request.method
      || request.isInvite && (sequence.method == "INVITE" || sequence.method == "CANCEL")
  }
}
