// The floor on a screen.

import CCCore
import CCView
import Glibc

/// Runs a floor on a terminal: keys in, frames out.
@MainActor final class CursesFloor: LoopClient, FloorListener {
  private let session: FloorSession
  private let terminal: Terminal
  private let signals: Signals
  private let look: Look
  private let rings: Bool
  private var screen: FloorScreen
  private var pacer = FramePacer()
  private var screenDeadline: Int64?
  private var isOpen = false
  private var needsBell = false

  private(set) var ending: Result<Void, Failure>?

  init(
    _ session: FloorSession, _ screen: FloorScreen, terminal: Terminal, signals: Signals,
    look: Look, rings: Bool
  ) {
    self.session = session
    self.screen = screen
    self.terminal = terminal
    self.signals = signals
    self.look = look
    self.rings = rings
    session.listener = self
    pacer.wantFrameNow()
  }

  func hear(_ effects: [FloorEffect], _ floor: Floor, at now: Instant) {
    for effect in effects {
      screen.observe(effect, at: now)
      if case .alert = effect { needsBell = rings }
    }
    pacer.wantFrame()
  }

  func hear(_ order: SentOrder, at now: Instant) {
    screen.observe(order, at: now)
    pacer.wantFrame()
  }

  private func take(_ events: [TerminalEvent], at now: Instant) {
    for event in events {
      switch event {
      case .key(let key):
        pacer.wantFrameNow()
        for request in screen.press(key, session.floor, at: now) { grant(request, at: now) }
      case .resized: pacer.wantFrameNow()
      case .stopAsked: grant(.suspend, at: now)
      case .endAsked(let signal):
        ending = signal == SIGHUP ? .failure(.terminalLost) : .success(())
      case .lost: ending = .failure(.terminalLost)
      }
    }
  }

  private func grant(_ request: FloorRequest, at now: Instant) {
    switch request {
    case .floor(let event): session.tell([event], at: now)
    case .order(let wish, let text, let target):
      session.ask(wish, text, of: target, at: now)
    case .redraw: terminal.display.redraw()
    case .suspend: take(terminal.suspend(), at: SystemClock.now())
    case .quit: ending = .success(())
    }
  }

  // MARK: The loop

  var watches: [Watch] {
    var watches: [Watch] = [
      .reading(signals.descriptor) { [unowned self] now in
        for signal in signals.take() { take(terminal.handle(signal), at: now) }
      },
      .reading(terminal.input) { [unowned self] now in
        take(terminal.read(at: now.uptime), at: now)
      },
    ]
    if terminal.display.isWaiting {
      watches.append(.writing(terminal.output) { [unowned self] _ in pacer.wantFrameNow() })
    }
    return watches + session.watches
  }

  var deadline: Int64? {
    [session.deadline, terminal.deadline, screenDeadline, pacer.deadline].compactMap(\.self).min()
  }

  func turn(at now: Instant) {
    if let deadline = terminal.deadline, deadline <= now.uptime {
      take(terminal.flush(at: now.uptime), at: now)
    }
    session.turn(at: now)
    if let deadline = screenDeadline, deadline <= now.uptime {
      screen.tick(at: now)
      pacer.wantFrame()
    }
    draw(at: now)
    if terminal.display.isLost { ending = .failure(.terminalLost) }
    // The first picture comes before the feed: a large floor takes a moment.
    if !isOpen {
      isOpen = true
      session.tell([screen.opening], at: now)
      session.open(at: now)
      pacer.wantFrame()
    }
    screenDeadline = screen.deadline(at: now)
  }

  private func draw(at now: Instant) {
    guard ending == nil, pacer.draws(at: now.uptime) else { return }
    let display = terminal.display
    display.present(
      FloorRenderer.render(session.floor, screen, size: display.size, look: look, at: now))
    screen.drawn(session.floor, size: display.size)
    if needsBell {
      needsBell = false
      Say.write("\u{7}", to: terminal.output)
    }
  }
}
