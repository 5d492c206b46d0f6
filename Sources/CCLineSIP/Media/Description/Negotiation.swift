// Offer and answer: what both ends of a call say of its sound, and what they agree on.

import CCCore
import CLibre

/// The offers and answers of one call (RFC 3264), with keys (RFC 4568); pure, and without a network.
///
/// An offer of theirs is answered with the one codec that is best by our own list, and with keys as
/// events: so nobody has to guess what is spoken. The first audio line that can be used is taken; all
/// others stand switched off in the answer, and in every offer of ours that follows.
struct Negotiation {
  let local: sa
  let rules: MediaRules
  /// Where our sound is wanted.
  let port: UInt16
  /// What counts.
  private(set) var agreed: Agreement?
  /// Why the last description was not taken, where it was not for want of a common sound.
  var refusal: Reason?
  /// Which way sound may flow for us.
  var flow = Flow.both
  /// Whether the far end has us on hold: it does not listen (`sendonly`, `inactive`), wants nothing at any
  /// address (`0.0.0.0`, RFC 2543), or has switched its sound off (port 0).
  private(set) var isHeldByFarEnd = false
  /// Whether it has switched its sound off: then ours is off in our answer too (RFC 3264 section 8.2).
  private(set) var isOff = false

  /// Our keys, one for each suite: the same for as long as the call lives.
  private var ours: [CryptoAttribute.Suite: CryptoAttribute] = [:]
  /// What our last offer, or our answer, says of sound.
  private var said: [Format] = []
  private var profile: String
  /// Whether keys stand in it.
  private var isSecure: Bool
  /// The other media lines, each switched off, by their place; ours has the place that is left.
  private var others: [Int: String] = [:]
  private var lines = 1
  private var place = 0
  private let id = UInt32.random(in: 1 ... .max)
  private var version = UInt32.random(in: 1...0x3FFF_FFFF)
  private var lastText = ""

  /// A format of our description.
  private enum Format: Hashable {
    case codec(Codec, UInt8)
    case keys(clock: Int, UInt8)
  }

  init(local: sa, rules: MediaRules, port: UInt16) {
    self.local = local
    self.rules = rules
    self.port = port
    isSecure = rules.protection != .off
    profile = isSecure ? "RTP/SAVP" : "RTP/AVP"
    if isSecure { ours[.long] = CryptoAttribute(tag: 1, suite: .long) }
  }

  // MARK: Ours

  /// Our offer: before anything was agreed all that can be spoken, then what is.
  mutating func offer(of everything: Bool = false) -> String {
    if agreed == nil || everything {
      let codecs = rules.codecs.filter(\.isHere)
      // A number keeps its meaning for as long as the call lives.
      said = codecs.map { codec in
        .codec(codec, agreed?.spoken.first { $0.codec == codec }?.ours ?? codec.usualPayload)
      }
      for clock in Set(codecs.map(\.clock)).sorted() {
        let known = agreed?.keys.flatMap { $0.clock == clock ? $0.ours : nil }
        said.append(.keys(clock: clock, known ?? Tones.usualPayload(clock: clock)))
      }
    } else if let agreed {
      say(agreed)
    }
    return text(flow, port: port)
  }

  /// Whether our offers ask for encrypted sound that need not be.
  var mayOfferInTheClear: Bool { agreed == nil && isSecure && rules.protection == .offered }

  /// A far end refused an offer of encrypted sound: the next one is in the clear.
  mutating func offerInTheClear() {
    guard mayOfferInTheClear else { return }
    isSecure = false
    profile = "RTP/AVP"
  }

  /// Our answer to the offer that was taken last.
  mutating func answer() -> String {
    guard let agreed else { return text(flow, port: port) }
    say(agreed)
    return text(flow.answering(agreed.theirFlow), port: isOff ? 0 : port)
  }

  private mutating func say(_ agreed: Agreement) {
    said = agreed.spoken.map { .codec($0.codec, $0.ours) }
    if let keys = agreed.keys { said.append(.keys(clock: keys.clock, keys.ours)) }
  }

  private mutating func text(_ flow: Flow, port: UInt16) -> String {
    let address =
      local.host.hasPrefix("[")
      ? "IN IP6 \(local.host.dropFirst().dropLast())" : "IN IP4 \(local.host)"
    var ours = [
      "m=audio \(port) \(profile) \(said.map { String(number($0)) }.joined(separator: " "))"
    ]
    for format in said {
      switch format {
      case .codec(let codec, let number):
        let channels = codec.channels > 1 ? "/\(codec.channels)" : ""
        ours.append("a=rtpmap:\(number) \(codec.name)/\(codec.clock)\(channels)")
        if let parameters = codec.parameters { ours.append("a=fmtp:\(number) \(parameters)") }
      case .keys(let clock, let number):
        ours += ["a=rtpmap:\(number) \(Tones.name)/\(clock)", "a=fmtp:\(number) 0-15"]
      }
    }
    ours += ["a=\(flow.name)", "a=ptime:\(Block.milliseconds)"]
    if isSecure, let key = key { ours.append("a=crypto:\(key.text)") }
    let media = (0..<lines).flatMap { $0 == place ? ours : others[$0].map { [$0] } ?? [] }
    let body = (["s=-", "c=\(address)", "t=0 0"] + media).map { "\($0)\r\n" }.joined()
    if body != lastText { version &+= 1 }
    lastText = body
    return "v=0\r\no=- \(id) \(version) \(address)\r\n" + body
  }

  private func number(_ format: Format) -> UInt8 {
    switch format {
    case .codec(_, let number), .keys(_, let number): number
    }
  }

  /// The key that our description names.
  private var key: CryptoAttribute? { agreed?.protection?.ours ?? ours[.long] }

  // MARK: Theirs

  /// Takes an offer; false if it cannot be taken, and then nothing has changed.
  mutating func take(offer: Description) -> Bool {
    refusal = nil
    guard let (index, found) = usable(offer, answers: false) else { return switchOff(offer) }
    agreed = found
    isOff = false
    isHeldByFarEnd = found.isDeaf
    profile = found.profile
    isSecure = found.protection != nil
    if let key = found.protection?.ours { ours[key.suite] = key }
    settle(offer, at: index)
    return true
  }

  private mutating func settle(_ offer: Description, at index: Int) {
    place = index
    lines = offer.media.count
    others = Dictionary(
      uniqueKeysWithValues: offer.media.enumerated().filter { $0.offset != index }
        .map { ($0.offset, $0.element.refused) })
  }

  /// In a call that has sound: an offer in which all sound is switched off is a hold.
  private mutating func switchOff(_ offer: Description) -> Bool {
    let sounds = offer.media.indices.filter { offer.media[$0].isSound }
    guard agreed != nil, let first = sounds.first, sounds.allSatisfy({ offer.media[$0].isOff })
    else { return false }
    settle(offer, at: sounds.contains(place) ? place : first)
    (isOff, isHeldByFarEnd, refusal) = (true, true, nil)
    return true
  }

  /// Takes the answer to our last offer; false if it cannot be taken, and then nothing has changed.
  mutating func take(answer: Description) -> Bool {
    refusal = nil
    guard let (_, found) = usable(answer, answers: true) else {
      guard agreed != nil, answer.media.indices.contains(place), answer.media[place].isSound,
        answer.media[place].isOff
      else { return false }
      (isOff, isHeldByFarEnd, refusal) = (true, true, nil)
      return true
    }
    agreed = found
    isOff = false
    // Whoever we hold need not listen to us: that is no hold of theirs, nor the end of one.
    if flow.receives { isHeldByFarEnd = found.isDeaf }
    if found.protection == nil { isSecure = false }
    profile = isSecure ? profile : "RTP/AVP"
    return true
  }

  /// The first line that can be used, an encrypted one before one in the clear where that is wanted.
  private mutating func usable(
    _ description: Description, answers: Bool
  ) -> (Int, Agreement)? {
    var lines = Array(description.media.enumerated())
    // An answer stands in the place of its offer.
    if answers, lines.indices.contains(place) { lines.swapAt(0, place) }
    var reason: Reason?
    for mustBeSecure in rules.protection == .off ? [false] : [true, false] {
      for (index, line) in lines where line.isSound && line.port > 0 {
        switch agreement(on: line, answers: answers) {
        case .success(let found):
          if !mustBeSecure || found.protection != nil { return (index, found) }
        case .failure(let why): reason = reason ?? why.reason
        }
      }
    }
    refusal = reason
    return nil
  }

  private struct Unusable: Error { var reason: Reason? }

  private func agreement(
    on line: MediaLine, answers: Bool
  ) -> Result<Agreement, Unusable> {
    guard let host = line.host.flatMap(MediaHost.init), mayBe(host, line.port) else {
      return .failure(Unusable())
    }
    let spoken = spoken(line, answers: answers)
    guard let best = spoken.first else { return .failure(Unusable()) }
    return protection(line, answers: answers).map { protection in
      Agreement(
        spoken: answers ? spoken : [best], keys: keys(line, for: best.codec, answers: answers),
        profile: line.profile, host: host, port: line.port,
        controlPort: line.controlPort ?? (line.port < .max ? line.port + 1 : 0),
        theirFlow: line.flow ?? .both, protection: protection)
    }
  }

  /// Whether sound may go there; a call that talks is moved to no name that it has not had.
  private func mayBe(_ host: MediaHost, _ port: UInt16) -> Bool {
    if let address = host.address(port: port) {
      return MediaAddress(local: local).mayAccept(address)
    }
    return agreed == nil || agreed?.host == host
  }

  /// What both speak: of an offer in the order of our list, of an answer in its own.
  private func spoken(_ line: MediaLine, answers: Bool) -> [Agreement.Spoken] {
    if answers {
      return line.spoken.compactMap { codec, payload in
        let ours = said.lazy.compactMap { format -> UInt8? in
          if case .codec(codec, let number) = format { number } else { nil }
        }.first
        return ours.map { Agreement.Spoken(codec: codec, theirs: payload, ours: $0) }
      }
    }
    return rules.codecs.filter(\.isHere).compactMap { codec in
      line.spoken.first { $0.codec == codec }
        .map { Agreement.Spoken(codec: codec, theirs: $0.payload, ours: $0.payload) }
    }
  }

  /// Keys with the clock of the codec, else with another.
  private func keys(_ line: MediaLine, for codec: Codec, answers: Bool) -> Agreement.Keys? {
    let theirs = line.tones
    guard let chosen = theirs.first(where: { $0.clock == codec.clock }) ?? theirs.first else {
      return nil
    }
    let ours = said.lazy.compactMap { format -> UInt8? in
      if case .keys(chosen.clock, let number) = format { number } else { nil }
    }.first
    return Agreement.Keys(
      clock: chosen.clock, theirs: chosen.payload,
      ours: answers ? ours ?? chosen.payload : chosen.payload)
  }

  /// How sound travels, by both: nil in the clear.
  ///
  /// A call that was encrypted stays so.
  private func protection(
    _ line: MediaLine, answers: Bool
  ) -> Result<Agreement.Protection?, Unusable> {
    let mustBe =
      rules.protection == .required || agreed?.protection != nil || line.isSecure
    let theirs: CryptoAttribute? =
      if rules.protection == .off {
        nil
      } else if answers {
        isSecure ? line.keys.first { $0.tag == key?.tag && $0.suite == key?.suite } : nil
      } else {
        line.keys.first
      }
    guard let theirs else {
      guard mustBe else { return .success(nil) }
      return .failure(
        Unusable(
          reason: rules.protection == .off ? Reasons.soundEncrypted : Reasons.soundInTheClear))
    }
    guard !answers else {
      return .success(key.map { Agreement.Protection(ours: $0, theirs: theirs) })
    }
    var answer = ours[theirs.suite] ?? CryptoAttribute(tag: theirs.tag, suite: theirs.suite)
    answer.tag = theirs.tag
    return .success(Agreement.Protection(ours: answer, theirs: theirs))
  }
}
