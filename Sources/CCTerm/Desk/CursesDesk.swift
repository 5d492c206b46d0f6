// The desk on a screen.

import CCCore
import CCView
import Glibc

/// Runs a desk on a terminal: keys in, frames out.
@MainActor final class CursesDesk: LoopClient, DeskListener {
  private let session: DeskSession
  private let terminal: Terminal
  private let signals: Signals
  private let look: Look
  private let rings: Bool
  private var screen = DeskScreen()
  private var painter = DeskPainter()
  private var pacer = FramePacer()
  private var isOpen = false
  private var isLost = false
  private var needsBell = false

  init(
    _ session: DeskSession, terminal: Terminal, signals: Signals, look: Look, rings: Bool
  ) {
    self.session = session
    self.terminal = terminal
    self.signals = signals
    self.look = look
    self.rings = rings
    session.listener = self
    pacer.wantFrameNow()
  }

  // MARK: What happens

  func hear(_ facts: [Fact], _ desk: Desk, at now: Instant) {
    for fact in facts { screen.observe(fact, desk, at: now) }
  }

  func ring(_ bell: Effect.Bell) { needsBell = needsBell || rings }

  /// Shows a line of the program's own in the message row.
  func notice(_ level: NoticeLevel, _ text: SafeText, at now: Instant) {
    screen.observe(.notice(level, text), session.desk, at: now)
    pacer.wantFrame()
  }

  private func take(_ events: [TerminalEvent], at now: Instant) {
    for event in events {
      switch event {
      case .key(let key):
        pacer.wantFrameNow()
        for request in screen.press(key, session.desk, at: now) { grant(request, at: now) }
      case .resized: pacer.wantFrameNow()
      case .stopAsked:
        pacer.wantFrameNow()
        let suspend = Command.named(.suspend, on: session.desk.shownCallID)
        for request in screen.handle(suspend, session.desk, at: now) { grant(request, at: now) }
      case .endAsked(let signal):
        // A hang-up of the terminal leaves nobody to show anything to.
        if signal == SIGHUP { isLost = true }
        session.end(at: now)
      case .lost:
        isLost = true
        session.end(at: now)
      }
    }
  }

  private func grant(_ request: ScreenRequest, at now: Instant) {
    switch request {
    case .desk(let event): session.tell(event, at: now)
    case .redraw: terminal.display.redraw()
    case .suspend: take(terminal.suspend(), at: SystemClock.now())
    case .quit: session.end(at: now)
    }
  }

  // MARK: The loop

  var watches: [Watch] {
    var watches: [Watch] = [
      .reading(signals.descriptor) { [unowned self] now in
        for signal in signals.take() { take(terminal.handle(signal), at: now) }
      }
    ]
    if !isLost {
      watches.append(
        .reading(terminal.input) { [unowned self] now in
          take(terminal.read(at: now.uptime), at: now)
        })
      if terminal.display.isWaiting {
        watches.append(.writing(terminal.output) { [unowned self] _ in pacer.wantFrameNow() })
      }
    }
    let lines = session.watches().map { watch in
      Watch(descriptor: watch.descriptor, events: watch.events) { [unowned self] now in
        watch.act(now)
        pacer.wantFrame()
      }
    }
    return watches + lines
  }

  var deadline: Int64? {
    let screenDeadline = isLost ? nil : screenDeadline
    return [session.deadline, terminal.deadline, screenDeadline, isLost ? nil : pacer.deadline]
      .compactMap(\.self).min()
  }

  private var screenDeadline: Int64?

  func turn(at now: Instant) {
    if let deadline = terminal.deadline, deadline <= now.uptime {
      take(terminal.flush(at: now.uptime), at: now)
    }
    if let deadline = session.deadline, deadline <= now.uptime { pacer.wantFrame() }
    if isOpen { session.turn(at: now) }
    if let deadline = screenDeadline, deadline <= now.uptime {
      for request in screen.tick(session.desk, at: now) { grant(request, at: now) }
      pacer.wantFrame()
    }
    draw(at: now)
    if terminal.display.isLost, !isLost {
      isLost = true
      session.end(at: now)
    }
    // The first picture comes before the line: it is there while a program is still being started.
    if !isOpen {
      isOpen = true
      session.open(at: now)
      pacer.wantFrame()
    }
    screenDeadline = screen.deadline(session.desk, at: now)
  }

  private func draw(at now: Instant) {
    guard !isLost, pacer.draws(at: now.uptime) else { return }
    let display = terminal.display
    let frame = painter.paint(
      session.desk, screen, size: display.size, look: look, at: now)
    display.present(frame)
    screen.drawn(session.desk, size: display.size)
    if needsBell {
      needsBell = false
      Say.write("\u{7}", to: terminal.output)
    }
  }

  var ending: Result<Void, Failure>? {
    guard session.hasEnded else { return nil }
    return isLost ? .failure(.terminalLost) : .success(())
  }
}
