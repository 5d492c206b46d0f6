// What a desk and a floor on a screen have in common: the terminal, its look, its signals, its pace.

import CCCore
import CCView
import Glibc

/// The terminal as a loop's client uses it: keys come in, a frame goes out when it is due, and the bell
/// rings behind the frame.
@MainActor final class ScreenFront {
  let terminal: Terminal
  let look: Look
  /// When the next frame may be drawn.
  var pacer = FramePacer()
  private let signals: Signals
  private let rings: Bool
  private var needsBell = false

  /// Takes the terminal as the configuration wants it; whoever takes it gives it back by `leave()`.
  init(_ configuration: Configuration, zone: Zone, infoHeader: SafeText? = nil) throws(Failure) {
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
      zone: zone, ascii: ascii == "yes" || (ascii == "auto" && !terminal.display.abilities.isUTF8),
      infoHeader: infoHeader)
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

  /// Gives the terminal back.
  func leave() { terminal.leave() }

  /// Rings with the next frame, where bells are wanted.
  func ring() { needsBell = needsBell || rings }

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

  /// Shows a frame and rings the bell that waits for one.
  func present(_ frame: Frame) {
    terminal.display.present(frame)
    guard needsBell else { return }
    needsBell = false
    terminal.display.send([0x07])
  }
}
