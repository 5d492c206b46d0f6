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

extension TrustedSources.Network: Hashable {
  static func == (one: Self, other: Self) -> Bool {
    one.bits == other.bits && one.first.bytes == other.first.bytes
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(bits)
    hasher.combine(first.bytes)
  }
}
