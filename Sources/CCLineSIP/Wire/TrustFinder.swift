// Looking up who is trusted by name.

import CLibre

/// Turns the names that are trusted into addresses, one after the other, and gives them to the gate.
final class TrustFinder {
  private let resolver: Resolver
  private var waiting: [String] = []
  private var isLooking = false

  init?() {
    guard let resolver = Resolver() else { return nil }
    self.resolver = resolver
  }

  /// Trusts the registrars of these settings and those whom they name, and nobody from before.
  func begin(_ settings: Settings) {
    var sources = TrustedSources()
    var names = settings.registrars.map(\.host)
    for source in settings.trusted {
      switch source {
      case .network(let network): sources.add(network)
      case .host(let name): names.append(name)
      }
    }
    SIPGate.shared.trusted = sources
    waiting = []
    add(names)
  }

  /// Trusts these hosts too.
  func add(_ hosts: [String]) {
    for host in hosts {
      var number = sa()
      if sa_set_str(&number, host, 0) == 0 {
        SIPGate.shared.trusted.add(number)
      } else if !waiting.contains(host), waiting.count < TrustedSources.most {
        waiting.append(host)
      }
    }
    look()
  }

  private func look() {
    guard !isLooking, !waiting.isEmpty else { return }
    isLooking = true
    resolver.resolve(waiting.removeFirst(), port: 0) { [unowned self] found in
      for address in found { SIPGate.shared.trusted.add(address) }
      isLooking = false
      look()
    }
  }
}

extension Settings {
  /// One who may call beside the registrars.
  enum Trusted: Hashable {
    case network(TrustedSources.Network)
    case host(String)
  }
}

extension SettingsReader {
  /// Addresses, networks and host names, separated by commas or blanks.
  func trusted() throws(Settings.Unusable) -> [Settings.Trusted] {
    let list = (try text("trusted") ?? "").split { $0 == "," || $0 == " " }.map(String.init)
    var trusted: [Settings.Trusted] = []
    for item in list {
      let isBare = item.holds("::") || item.split(separator: ":").count > 2
      if let network = TrustedSources.Network(item) {
        trusted.append(.network(network))
      } else if !item.contains("/"), let host = HostPort(isBare ? "[\(item)]" : item),
        host.port == nil
      {
        trusted.append(.host(host.host))
      } else {
        throw Settings.Unusable(
          sentence: "sip.trusted is a list of addresses, host names and networks: 10.0.0.0/8.")
      }
    }
    guard trusted.count <= TrustedSources.most else {
      throw Settings.Unusable(sentence: "sip.trusted names more than \(TrustedSources.most).")
    }
    return trusted
  }
}

extension TrustedSources.Network: Hashable {
  static func == (one: Self, other: Self) -> Bool {
    one.bits == other.bits && one.first.bytes == other.first.bytes
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(bits)
    hasher.combine(first.bytes)
  }
}
