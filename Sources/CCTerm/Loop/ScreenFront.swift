// What a desk and a floor on a screen have in common: the terminal, its look, its signals, its pace.

import CCCore
import CCView
import Glibc

/// The terminal as a loop's client uses it: keys come in, a frame goes out when it is due, and the bell
/// rings behind the frame.
@MainActor final class ScreenFront {
  let terminal: Terminal
  private var look: Look
  private let zone: LocalZone
  /// When the next frame may be drawn.
  var pacer = FramePacer()
  private let signals: Signals
  private let rings: Bool
  private var bell = BellPacer()

  /// Takes the terminal as the configuration wants it; whoever takes it gives it back by `leave()`.
  init(
    _ configuration: Configuration, zone: LocalZone, infoHeader: SafeText? = nil
  ) throws(Failure) {
    self.zone = zone
    signals = try Signals(TerminalSignals.all)
    let colour = configuration.text("screen.colour")
    do {
      terminal = try Terminal(usesColour: colour != "mono", theme: Self.theme(colour))
    } catch {
      // The wrong terminal for a screen is wrong use, as no terminal is.
      throw .usage("\(error)")
    }
    let ascii = configuration.text("screen.ascii") ?? "auto"
    look = Look(
      zone: zone.at(SystemClock.now()),
      ascii: ascii == "yes" || (ascii == "auto" && !terminal.display.abilities.isUTF8),
      infoHeader: infoHeader, numbering: Numbering(configuration))
    rings = configuration.flag("screen.bell")
    pacer.wantFrameNow()
  }

  /// Whether there is a terminal at all; `instead` is what one chooses where there is none.
  static func check(instead: String) throws(Failure) {
    for (descriptor, name) in [(STDOUT_FILENO, "stdout"), (STDIN_FILENO, "stdin")]
    where isatty(descriptor) != 1 {
      throw .usage("\(name) is no terminal: choose \(instead).")
    }
  }

  private static func theme(_ colour: String?) -> Theme? {
    switch colour {
    case "256": .colour256
    case "8": .colour8
    case "mono": .monochrome
    default: nil
    }
  }

  /// How the screen is to look now.
  func look(at now: Instant) -> Look {
    look.zone = zone.at(now)
    return look
  }

  /// Gives the terminal back.
  func leave() { terminal.leave() }

  /// Rings behind the next frame, where bells are wanted, and once a second at most.
  func ring() { if rings { bell.want() } }

  /// When a bell is due that waits for no frame.
  var bellDeadline: Int64? { pacer.deadline == nil ? bell.deadline : nil }

  /// What to wait for; with `isLost` the terminal is left alone.
  func watches(
    isLost: Bool = false, take: @escaping @MainActor ([TerminalEvent], Instant) -> Void
  ) -> [Watch] {
    var watches: [Watch] = [
      .reading(signals.descriptor) { [unowned self] now in
        for signal in signals.take() { take(terminal.handle(signal), now) }
      }
    ]
    guard !isLost else { return watches }
    watches.append(
      .reading(terminal.input) { [unowned self] now in take(terminal.read(at: now.uptime), now) })
    if terminal.display.isWaiting {
      watches.append(.writing(terminal.output) { [unowned self] _ in pacer.wantFrameNow() })
    }
    return watches
  }

  /// The keys that waited long enough for the rest of a sequence.
  func takeDue(at now: Instant) -> [TerminalEvent] {
    guard let deadline = terminal.deadline, deadline <= now.uptime else { return [] }
    return terminal.flush(at: now.uptime)
  }

  /// Shows a frame.
  func present(_ frame: Frame) { terminal.display.present(frame) }

  /// Rings the bell that is due, behind the frame that goes with it.
  func ringIfDue(at now: Instant) {
    guard let bellDeadline, bellDeadline <= now.uptime, bell.rings(at: now.uptime) else { return }
    terminal.display.send([0x07])
  }
}
