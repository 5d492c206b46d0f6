// A scenario in sipp's own XML.

/// Writes the steps as sipp wants them.
struct SippScenario {
  let steps: [Sipp.Step]

  init(_ steps: [Sipp.Step]) { self.steps = steps }

  var xml: String {
    let called = steps.contains { if case .receive("INVITE") = $0 { true } else { false } }
    return """
      <?xml version="1.0" encoding="UTF-8" ?>
      <scenario name="test">
      \(steps.map(Self.step).joined(separator: "\n"))
      \(called ? #"<Reference variables="far"/>"# : "")
      </scenario>

      """
  }

  private static func step(_ step: Sipp.Step) -> String {
    switch step {
    case .receive("INVITE"):
      """
      <recv request="INVITE" rrs="true"><action>
      <ereg regexp=".*" search_in="hdr" header="From:" assign_to="far"/>
      </action></recv>
      """
    case .receive(let method): #"<recv request="\#(method)"/>"#
    case .receiveResponse(let code): #"<recv response="\#(code)"/>"#
    case .mayReceiveResponse(let code): #"<recv response="\#(code)" optional="true"/>"#
    case .answer(let code, let phrase, let headers, let sound):
      answer(code, phrase, headers, sound)
    case .reply(let code, let phrase, let sound):
      answer(code, phrase, [], sound, tag: "")
    case .request(let method, let number, let headers, let type, let body):
      send(inDialog(method, number) + headers, body: body, type: type ?? "text/plain")
    case .answerCancel: answer(200, "OK", [], nil) + "\n" + terminated
    case .bye: send(inDialog("BYE", 9))
    case .reinvite(let lines): send(inDialog("INVITE", 2) + [contact], body: lines)
    case .acknowledgeReinvite: send(inDialog("ACK", 2))
    case .invite: Self.invite([], sound)
    case .inviteWith(let headers, let lines): Self.invite(headers, lines)
    case .receiveAnswer: #"<recv response="200" rrs="true"/>"#
    case .confirm: send(ofCaller("ACK", 1))
    case .hangUp: send(ofCaller("BYE", 3))
    case .change(let lines): send(ofCaller("INVITE", 2) + [callerContact], body: lines)
    case .confirmChange: send(ofCaller("ACK", 2))
    case .cancel:
      send(
        ["CANCEL sip:[service]@cc.test SIP/2.0"] + caller + [
          "To: <sip:[service]@cc.test>", "Call-ID: [call_id]", "CSeq: 1 CANCEL",
          "Max-Forwards: 70",
        ])
    case .acknowledge: acknowledge
    case .play(let path):
      #"<nop><action><exec rtp_stream="\#(path),-1,0"/></action></nop>"#
    case .pause(let milliseconds): #"<pause milliseconds="\#(milliseconds)"/>"#
    }
  }

  private static func send(
    _ lines: [String], body: [String] = [], type: String = "application/sdp"
  ) -> String {
    let head =
      body.isEmpty
      ? ["Content-Length: 0"] : ["Content-Type: \(type)", "Content-Length: [len]"]
    let all = lines + head + [""] + body
    return "<send><![CDATA[\n" + all.joined(separator: "\n") + "\n]]></send>"
  }

  private static let sound = [
    "v=0", "o=far 1 1 IN IP[local_ip_type] [local_ip]", "s=-",
    "c=IN IP[media_ip_type] [media_ip]", "t=0 0", "m=audio [media_port] RTP/AVP 0",
    "a=rtpmap:0 PCMU/8000",
  ]

  private static let contact =
    "Contact: <sip:far@[local_ip]:[local_port];transport=[transport]>"

  private static func answer(
    _ code: Int, _ phrase: String, _ headers: [String], _ sound: Sipp.Sound?, tag: String? = nil
  ) -> String {
    let body: [String] =
      switch sound {
      case nil: []
      case .own: Self.sound
      case .lines(let lines): lines
      }
    let tag = tag ?? (code == 100 ? "" : ";tag=far[call_number]")
    return send(
      [
        "SIP/2.0 \(code) \(phrase)", "[last_Via:]", "[last_Record-Route:]", "[last_From:]",
        "[last_To:]\(tag)", "[last_Call-ID:]", "[last_CSeq:]",
      ] + (headers.contains { $0.hasPrefix("Contact:") } ? headers : [contact] + headers),
      body: body)
  }

  /// The INVITE's own answer: its CSeq names INVITE where the last message was the CANCEL.
  private static let terminated = send([
    "SIP/2.0 487 Request Terminated", "[last_Via:]", "[last_From:]",
    "[last_To:];tag=far[call_number]", "[last_Call-ID:]", "CSeq: [cseq] INVITE",
  ])

  private static func inDialog(_ method: String, _ number: Int) -> [String] {
    [
      "\(method) [next_url] SIP/2.0",
      "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]", "[routes]",
      "From: <sip:far@[local_ip]:[local_port]>;tag=far[call_number]", "To: [$far]",
      "[last_Call-ID:]", "CSeq: \(number) \(method)", "Max-Forwards: 70",
    ]
  }

  private static let caller = [
    "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-[call_id]",
    "From: <sip:caller@[local_ip]:[local_port]>;tag=caller[call_number]",
  ]

  private static let callerContact =
    "Contact: <sip:caller@[local_ip]:[local_port];transport=[transport]>"

  private static func invite(_ headers: [String], _ lines: [String]) -> String {
    let isNamed = headers.contains { $0.hasPrefix("From:") }
    return send(
      ["INVITE sip:[service]@cc.test SIP/2.0"] + (isNamed ? Array(caller.prefix(1)) : caller) + [
        "To: <sip:[service]@cc.test>", "Call-ID: [call_id]", "CSeq: 1 INVITE", callerContact,
        "Max-Forwards: 70",
      ] + headers, body: lines)
  }

  /// A request of the caller inside the call that was answered.
  private static func ofCaller(_ method: String, _ number: Int) -> [String] {
    [
      "\(method) [next_url] SIP/2.0",
      "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]", "[routes]",
      "From: <sip:caller@[local_ip]:[local_port]>;tag=caller[call_number]", "[last_To:]",
      "Call-ID: [call_id]", "CSeq: \(number) \(method)", "Max-Forwards: 70",
    ]
  }

  private static let acknowledge = send(
    ["ACK sip:[service]@cc.test SIP/2.0"] + caller + [
      "[last_To:]", "Call-ID: [call_id]", "CSeq: 1 ACK", "Max-Forwards: 70",
    ])
}
