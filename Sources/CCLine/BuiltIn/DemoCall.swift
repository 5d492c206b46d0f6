// One call of the demo's exchange, and the people who call.

import CCCore

/// A call on the exchange's board, with what is still to happen to it.
struct DemoCall: Hashable, Sendable {
  /// Something that will happen at a moment.
  struct Step: Hashable, Sendable {
    enum What: Hashable, Sendable {
      case ringing
      case talking
      case end(Reason?)
      case transferred(Reason?)
    }

    let at: Int64
    let what: What
  }

  enum Phase: Hashable, Sendable { case calling, ringing, talking }

  let id: String
  let number: SafeText
  let name: SafeText?
  let direction: Direction
  var phase = Phase.calling
  var held = false
  var muted = false
  var steps: [Step] = []

  /// The next step; steps stand in the order of their moments.
  var next: Step? { steps.first }

  func report(_ status: CallReport.Status, _ reason: Reason? = nil) -> LineEvent {
    .call(
      CallReport(
        status, number: number, call: id, direction: direction, reason: reason, name: name))
  }

  var state: LineEvent { .callState(call: id, held: held, muted: muted) }
}

/// People who do not exist, with numbers that regulators keep for fiction.
enum DemoPeople {
  struct Person: Hashable, Sendable {
    let name: SafeText
    let number: SafeText
  }

  // +44 20 7946 0xxx, +44 1632 960xxx, +44 7700 900xxx (Ofcom), +1 xxx 555 01xx (NANPA),
  // +61 491 57x xxx (ACMA), +33 1 99 00 xx xx (Arcep).
  static let all = [
    Person(name: "Nora Lindqvist", number: "+442079460123"),
    Person(name: "Tom\u{E1}s Ferreira", number: "+12025550147"),
    Person(name: "Aisha Bello", number: "+447700900461"),
    Person(name: "\u{738B}\u{5C0F}\u{660E}", number: "+12125550182"),
    Person(name: "Greta Vogel", number: "+441632960377"),
    Person(name: "Luc Maren\u{E7}on", number: "+33199001742"),
    Person(name: "Kiri Walker", number: "+61491570156"),
    Person(name: "Oleh Savchuk", number: "+16175550109"),
  ]
}
