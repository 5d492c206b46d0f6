// Who signs in, and how often a password may be tried.

import CCCore

/// The account's credentials and the rules that keep it from being locked.
///
/// One answer a challenge, and none after it was refused: a password that is wrong is sent once, never
/// twice. Realms other than the registrar's first one (or the one that the settings name) get nothing.
struct Credentials {
  let user: String
  let password: Secret
  /// The realm that may be answered; nil until the registrar's first challenge.
  private(set) var realm: String?

  init(user: String, password: Secret, realm: String?) {
    self.user = user
    self.password = password
    self.realm = realm
  }

  /// Why a challenge is not answered.
  enum Refusal: Error, Hashable {
    /// The answer was refused: the password or the user is wrong.
    case password
    /// The challenge names another realm than ours.
    case foreignRealm(SafeText)
    /// No challenge in it could be understood.
    case unreadable
    /// An algorithm or a protection that is not spoken.
    case unknownAlgorithm

    /// The refusal in words; `who` asked ("the registrar", "the proxy").
    func words(_ who: String, code: Int) -> SafeText {
      switch self {
      case .password: SafeText("\(who) refused the password (\(code))")
      case .foreignRealm(let realm):
        SafeText(
          "\(who) asks for the password of a foreign realm, \u{201C}\(realm)\u{201D}; not answered")
      case .unreadable: SafeText("\(who) sent a challenge that cannot be read (\(code))")
      case .unknownAlgorithm: SafeText("\(who) asks for a digest that is not known (\(code))")
      }
    }
  }

  /// One exchange: a request and the challenges it meets, from the first sending to its outcome.
  struct Exchange: Hashable {
    /// How often credentials went out.
    private(set) var answers = 0

    /// A nonce may grow old between challenge and answer, once.
    fileprivate static let mostAnswers = 2
    fileprivate mutating func answered() { answers += 1 }
  }

  /// The header line that answers one of the challenges, or why none is answered.
  ///
  /// The topmost one whose algorithm is known counts (RFC 8760 section 2.4).
  mutating func answer(
    _ challenges: [DigestChallenge], method: String, uri: String, in exchange: inout Exchange,
    clientNonce: String
  ) -> Result<String, Refusal> {
    guard let first = challenges.first else { return .failure(.unreadable) }
    let ours = challenges.filter { realm == nil || $0.realm == realm }
    guard !ours.isEmpty else { return .failure(.foreignRealm(SafeText(first.realm, limit: 40))) }
    guard let chosen = ours.first(where: { $0.algorithm != nil && !$0.onlyIntegrity }),
      let algorithm = chosen.algorithm
    else { return .failure(.unknownAlgorithm) }
    if exchange.answers > 0 {
      guard chosen.stale, exchange.answers < Exchange.mostAnswers else {
        return .failure(.password)
      }
    }
    exchange.answered()
    if realm == nil { realm = chosen.realm }
    let answer = DigestAnswer(
      challenge: chosen, algorithm: algorithm, user: user, method: method, uri: uri,
      clientNonce: clientNonce)
    return .success(answer.header(password: password))
  }
}
