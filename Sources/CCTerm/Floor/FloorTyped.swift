// What is typed at a floor in sentences: orders, what is asked before they are sent, and questions.

import CCCore
import CCView

/// Reads lines one after the other, and remembers what was asked.
struct FloorTyped {
  /// An order that is meant.
  struct Meant: Hashable {
    var wish: Order.Wish
    var text: SafeText
    var target: HandTarget
  }

  /// What a line came to.
  struct Taken: Hashable {
    /// What to say.
    var said: [String] = []
    /// What to send.
    var order: Meant?
    /// What is left to be answered: a question, or another word.
    var rest: String?
  }

  /// What is sent once it is said to be meant.
  private var asked: Meant?

  /// Takes one line: as on the screen, what is more than a message to one is asked once more.
  mutating func take(_ line: String, _ floor: Floor) -> Taken {
    var taken = Taken()
    if let asked {
      self.asked = nil
      let word = line.lowercased().filter { $0 != " " }
      if ["y", "yes"].contains(word) { return Taken(order: asked) }
      taken.said.append("not sent.")
      // Another question or order is no answer: it leaves the one that was asked.
      if ["n", "no", ""].contains(word) { return taken }
    }
    switch FloorOrders.plain(line, floor) {
    case .order(let wish, let text, let target):
      let order = Meant(wish: wish, text: text, target: target)
      guard let question = Self.question(order, floor) else {
        taken.order = order
        return taken
      }
      asked = order
      taken.said.append(question)
    case .refused(let why): taken.said.append(why.string)
    case nil: taken.rest = line
    }
    return taken
  }

  /// What is asked about an order; nil: a message to one is meant as it is.
  private static func question(_ order: Meant, _ floor: Floor) -> String? {
    let whom = order.target.words(floor)
    switch (order.wish, order.target) {
    case (.message, .agent): return nil
    case (.message, .team): return "send \u{201C}\(order.text)\u{201D} to \(whom)? y or n"
    case (.seat(let seat), _): return "ask \(whom) for \(seat.name)? y or n"
    case (.signOff, _): return "ask \(whom) to sign off? y or n"
    }
  }
}
