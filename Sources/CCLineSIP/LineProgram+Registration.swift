// The program between the registration, the gate and the desk.

import CCCore
import CLibre
import Glibc

extension LineProgram: RegistrationOwner, SoundOwner {
  func stack(for registrar: sa, named host: String) throws(Stack.Failure) -> Stack {
    guard let local = sa.local(toward: registrar) else { throw Stack.Failure(error: ENETUNREACH) }
    let transport = account?.settings.transport ?? .tcp
    let capabilities = Capabilities(
      followsTransfers: account?.settings.rules.followTransfers ?? false)
    if let stack = account?.stack, stack.transport == transport,
      stack.capabilities == capabilities,
      stack.registrar.hostPort == registrar.hostPort, stack.local.isSameHost(as: local)
    {
      return stack
    }
    farewells.find(in: calls?.book)
    let stack = try Stack(
      transport: transport, registrar: registrar, local: local,
      port: farewells.port ?? bindings?.port, certificates: account?.certificates[host],
      capabilities: capabilities, owner: self)
    account?.stack = stack
    calls?.book.port = stack.port
    return stack
  }

  func willAsk(on stack: Stack) {
    farewells.find(in: calls?.book)
    farewells.begin(on: stack)
  }

  func registered() {
    guard let account else { return }
    calls?.book.pin = account.registration.credentials.pin
    emit(
      .registered(
        account: SafeText(account.settings.account), expiresIn: nil,
        secure: account.settings.protection))
    sound.look()
    wayStands()
  }

  /// Where the way was lost meanwhile, a far end may have gone with it.
  private func wayStands() {
    calls?.book.look()
    calls?.ask()
  }

  func unregistered(_ reason: SafeText, retryIn milliseconds: Int?) {
    seatTeller?.forget()
    emit(
      .unregistered(
        reason: reason, retryIn: milliseconds.map { Double($0) / 1000 }, final: milliseconds == nil)
    )
  }

  func evicted() {
    seatTeller?.forget()
    emit(.evicted)
  }

  func wayIsNew(_ why: SafeText) {
    note(.info, why)
    wayStands()
    seatTeller?.tellAgain(
      on: account?.registration.usableStack, settings: account?.settings
    ) { [unowned self] why in
      if let why { note(.warning, SafeText("the telephone system was not told: \(why)")) }
    }
  }

  func trusts(_ hosts: [String]) { trust?.add(hosts) }

  func note(_ level: NoticeLevel, _ message: SafeText) { emit(.log(level, message)) }
}

extension LineProgram: SIPGateOwner {
  func unreadable(_ total: Int, _ last: SafeText) {
    emit(.unreadable(total: total, last: last))
  }

  func lostTheEnd(from peer: sa) {
    guard let account, account.stack?.registrar.hostPort == peer.hostPort else { return }
    account.registration.doubt()
  }

  func lostWay(to peer: sa, _ strange: SafeText?) {
    guard let account, account.stack?.registrar.hostPort == peer.hostPort else { return }
    account.registration.wayEnded(strange)
  }
}
