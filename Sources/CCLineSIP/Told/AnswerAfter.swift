// A call that a telephone system wants to be taken by itself: click-to-call rings the agent first.

/// Reads the ways in which that is asked for.
///
/// `Call-Info: <uri>;answer-after=0` (FreeSWITCH's `sip_auto_answer`, Asterisk, Kamailio), `Alert-Info:
/// <uri>;info=alert-autoanswer;delay=2` (Asterisk, telephones of many makers) and `Answer-Mode: Auto`
/// (RFC 5373).
enum AnswerAfter {
  /// Nobody is asked to wait for longer, in seconds.
  static let most = 60

  /// After how many seconds the call is to be taken; nil: when the agent does.
  static func seconds(
    callInfo: [String] = [], alertInfo: [String] = [], answerMode: [String] = []
  ) -> Int? {
    for value in values(callInfo) {
      if let after = value["answer-after"].flatMap(Int.init), (0...most).contains(after) {
        return after
      }
    }
    for value in values(alertInfo) {
      let info = (value["info"] ?? "").lowercased().filter { $0 != " " && $0 != "-" }
      guard ["alertautoanswer", "autoanswer", "ringanswer"].contains(info) else { continue }
      let delay = value["delay"].flatMap(Int.init) ?? 0
      return (0...most).contains(delay) ? delay : nil
    }
    return values(answerMode).contains { $0.keys.contains("auto") } ? 0 : nil
  }

  /// The parameters of each value: names in lower case, values without quotes; what stands before the
  /// first semicolon is a name too.
  private static func values(_ headers: [String]) -> [[String: String]] {
    headers.prefix(8).filter { $0.utf8.count <= 1_024 }.flatMap { header in
      HeaderText.split(HeaderText.unfolded(header), at: ",").prefix(8).map {
        HeaderText.parameters($0)
      }
    }
  }
}
