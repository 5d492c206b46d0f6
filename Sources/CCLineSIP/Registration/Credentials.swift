// Who signs in, and how often a password may be tried.

import CCCore

/// The account's credentials and the rules that keep it from being locked, or its password from being
/// guessed.
///
/// One answer a challenge, and none after it was refused: a password that is wrong is sent once, never
/// twice. Only who is trusted with it gets a proof of it: the realm of the registrar's own challenge (or the
/// one that the settings name), by nothing weaker than the registrar asked for. Where the registrar never
/// asked, nobody is answered: whoever is called could ask too, and try passwords against the answer.
struct Credentials {
  let user: String
  let password: Secret
  /// Who may ask; nil until the registrar has.
  private(set) var pin: Pin?

  init(user: String, password: Secret, realm: String?, pin: Pin? = nil) {
    self.user = user
    self.password = password
    self.pin = realm.map { $0 == pin?.realm ? pin ?? Pin(realm: $0) : Pin(realm: $0) } ?? pin
  }

  /// Whose challenges are answered, and how strong they must be.
  struct Pin: Hashable {
    var realm: String
    /// What the registrar's own challenge asked for; nil where it has asked for nothing yet.
    var least: Strength?
  }

  /// What an answer gives away: SHA-256 is harder to try passwords against than MD5, and with `qop` our own
  /// nonce is in it, so that no table helps (RFC 7616 section 5).
  struct Strength: Hashable {
    var isSHA256: Bool
    var protectsQuality: Bool

    /// Whether this gives away no more.
    func isEnough(for least: Strength) -> Bool {
      (isSHA256 || !least.isSHA256) && (protectsQuality || !least.protectsQuality)
    }
  }

  /// Why a challenge is not answered.
  enum Refusal: Error, Hashable {
    /// The answer was refused: the password or the user is wrong.
    case password
    /// Every answer was too old for who asked.
    case stale
    /// The challenge names another realm than ours.
    case foreignRealm(SafeText)
    /// The registrar has asked for no password, and somebody else does.
    case unasked(SafeText)
    /// It asks for less than the registrar did.
    case weaker
    /// No challenge in it could be understood.
    case unreadable
    /// An algorithm or a protection that is not spoken.
    case unknownAlgorithm

    /// The refusal in words; `who` asked ("the registrar", "the proxy").
    func words(_ who: String, code: Int) -> SafeText {
      switch self {
      case .password: SafeText("\(who) refused the password (\(code))")
      case .stale: SafeText("\(who) found every answer to its challenge too old (\(code))")
      case .foreignRealm(let realm):
        SafeText(
          "\(who) asks for the password of a foreign realm, \u{201C}\(realm)\u{201D}; not answered")
      case .unasked(let realm):
        SafeText(
          "\(who) asks for a password that the registrar never asked for, of \u{201C}\(realm)\u{201D}; "
            + "not answered: sip.realm can name it")
      case .weaker:
        SafeText(
          "\(who) asks for a weaker proof of the password than the registrar did; not answered")
      case .unreadable: SafeText("\(who) sent a challenge that cannot be read (\(code))")
      case .unknownAlgorithm: SafeText("\(who) asks for a digest that is not known (\(code))")
      }
    }
  }

  /// One exchange: a request and the challenges it meets, from the first sending to its outcome.
  ///
  /// A proxy (407) and who is asked (401) may both ask; each gets its own answer, and the request then
  /// carries both (RFC 3261 section 22.3).
  struct Exchange: Hashable {
    fileprivate struct Answer: Hashable {
      var challenge: DigestChallenge
      var algorithm: DigestChallenge.Algorithm
      /// How often its nonce was used.
      var uses: UInt32 = 0
      /// How often it was answered.
      var times = 1
    }
    fileprivate var proxys: Answer?
    fileprivate var ours: Answer?

    /// How often credentials went out.
    private(set) var answers = 0

    /// A nonce may grow old between challenge and answer, again and again where it lives for a second.
    fileprivate static let mostTimes = 5
    fileprivate mutating func answered() { answers += 1 }

    fileprivate subscript(fromProxy isProxy: Bool) -> Answer? {
      get { isProxy ? proxys : ours }
      set { if isProxy { proxys = newValue } else { ours = newValue } }
    }
  }

  /// The header lines that answer one of the challenges, and those before it, or why none is answered.
  ///
  /// The topmost one whose algorithm is known counts (RFC 8760 section 2.4).
  mutating func answer(
    _ challenges: [DigestChallenge], method: String, uri: String, in exchange: inout Exchange,
    clientNonce: String
  ) -> Result<String, Refusal> {
    let chosen: DigestChallenge
    switch choose(challenges, isRegistrars: method == "REGISTER") {
    case .success(let found): chosen = found
    case .failure(let refusal): return .failure(refusal)
    }
    guard let algorithm = chosen.algorithm else { return .failure(.unknownAlgorithm) }
    var answer = Exchange.Answer(challenge: chosen, algorithm: algorithm)
    if let before = exchange[fromProxy: chosen.fromProxy] {
      guard chosen.stale else { return .failure(.password) }
      guard before.times < Exchange.mostTimes else { return .failure(.stale) }
      answer.times = before.times + 1
    }
    exchange[fromProxy: chosen.fromProxy] = answer
    exchange.answered()
    if method == "REGISTER" { pin = Pin(realm: chosen.realm, least: chosen.strength) }
    var lines = ""
    for isProxy in [true, false] {
      exchange[fromProxy: isProxy]?.uses += 1
      guard let answer = exchange[fromProxy: isProxy] else { continue }
      lines += DigestAnswer(
        challenge: answer.challenge, algorithm: answer.algorithm, user: user, method: method,
        uri: uri, clientNonce: clientNonce, count: answer.uses
      ).header(password: password)
    }
    return .success(lines)
  }

  private func choose(
    _ challenges: [DigestChallenge], isRegistrars: Bool
  ) -> Result<DigestChallenge, Refusal> {
    guard let first = challenges.first else { return .failure(.unreadable) }
    let realm = SafeText(first.realm, limit: 40)
    guard pin != nil || isRegistrars else { return .failure(.unasked(realm)) }
    let ours = challenges.filter { pin == nil || $0.realm == pin?.realm }
    guard !ours.isEmpty else { return .failure(.foreignRealm(realm)) }
    let spoken = ours.filter { $0.algorithm != nil && !$0.onlyIntegrity }
    guard !spoken.isEmpty else { return .failure(.unknownAlgorithm) }
    let enough = spoken.first { challenge in
      guard !isRegistrars, let least = pin?.least else { return true }
      return challenge.strength.isEnough(for: least)
    }
    return enough.map { .success($0) } ?? .failure(.weaker)
  }
}

extension DigestChallenge {
  /// What its answer gives away.
  var strength: Credentials.Strength {
    Credentials.Strength(
      isSHA256: algorithm == .sha256 || algorithm == .sha256Session,
      protectsQuality: protectsQuality)
  }
}
