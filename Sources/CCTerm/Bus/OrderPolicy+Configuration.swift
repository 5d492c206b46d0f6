// What the configuration says of a supervisor's orders.

import CCCore

extension OrderPolicy {
  /// The keys below `bus.obey.`.
  init(_ configuration: Configuration) {
    func rule(_ kind: Order.Wish.Kind) -> Rule {
      Rule(rawValue: configuration.text("bus.obey.\(kind.rawValue)") ?? "") ?? .ask
    }
    self.init(message: rule(.message), seat: rule(.seat), signOff: rule(.signOff))
  }
}
