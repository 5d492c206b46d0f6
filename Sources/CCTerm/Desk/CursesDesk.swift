// The desk on a screen.

import CCCore
import CCView
import Glibc

/// Runs a desk on a terminal: keys in, frames out.
@MainActor final class CursesDesk: LoopClient, DeskListener {
  private let session: DeskSession
  private let front: ScreenFront
  private var screen = DeskScreen()
  private var painter = DeskPainter()
  private var isOpen = false
  private var isLost = false

  init(_ session: DeskSession, _ front: ScreenFront) {
    self.session = session
    self.front = front
    session.listener = self
  }

  // MARK: What happens

  func hear(_ facts: [Fact], _ desk: Desk, at now: Instant) {
    for fact in facts { screen.observe(fact, desk, at: now) }
  }

  func ring(_ bell: Effect.Bell) { front.ring() }

  /// Shows a line of the program's own in the message row.
  func notice(_ level: NoticeLevel, _ text: SafeText, at now: Instant) {
    screen.observe(.notice(level, text), session.desk, at: now)
    front.pacer.wantFrame()
  }

  private func take(_ events: [TerminalEvent], at now: Instant) {
    for event in events {
      switch event {
      case .key(let key):
        front.pacer.wantFrameNow()
        for request in screen.press(key, session.desk, at: now) { grant(request, at: now) }
      case .resized: front.pacer.wantFrameNow()
      case .stopAsked:
        front.pacer.wantFrameNow()
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
    case .redraw: front.terminal.display.redraw()
    case .suspend: take(front.terminal.suspend(), at: SystemClock.now())
    case .quit: session.end(at: now)
    }
  }

  // MARK: The loop

  var watches: [Watch] {
    let watches = front.watches(isLost: isLost) { [unowned self] in take($0, at: $1) }
    let lines = session.watches().map { watch in
      Watch(descriptor: watch.descriptor, events: watch.events) { [unowned self] now in
        watch.act(now)
        front.pacer.wantFrame()
      }
    }
    return watches + lines
  }

  var deadline: Int64? {
    let shown = isLost ? [] : [screenDeadline, front.pacer.deadline, front.bellDeadline]
    return ([session.deadline, front.terminal.deadline] + shown).compactMap(\.self).min()
  }

  private var screenDeadline: Int64?

  func woke(at now: Instant) {
    front.pacer.wantFrameNow()
    session.woke(at: now)
  }

  func clockWasSet(at now: Instant) { front.pacer.wantFrameNow() }

  func turn(at now: Instant) {
    take(front.takeDue(at: now), at: now)
    if let deadline = session.deadline, deadline <= now.uptime { front.pacer.wantFrame() }
    if isOpen { session.turn(at: now) }
    if let deadline = screenDeadline, deadline <= now.uptime {
      front.pacer.wantFrame()
      for request in screen.tick(session.desk, at: now) {
        // A key that waited to be told from a repeat.
        front.pacer.wantFrameNow()
        grant(request, at: now)
      }
    }
    draw(at: now)
    if !isLost { front.ringIfDue(at: now) }
    if front.terminal.display.isLost, !isLost {
      isLost = true
      session.end(at: now)
    }
    // The first picture comes before the line: it is there while a program is still being started.
    if !isOpen {
      isOpen = true
      session.open(at: now)
      front.pacer.wantFrame()
    }
    screenDeadline = screen.deadline(session.desk, at: now)
  }

  private func draw(at now: Instant) {
    guard !isLost, front.pacer.draws(at: now.uptime) else { return }
    let size = front.terminal.display.size
    front.present(
      painter.paint(session.desk, screen, size: size, look: front.look(at: now), at: now))
    screen.drawn(session.desk, size: size)
  }

  var ending: Result<Void, Failure>? {
    guard session.hasEnded else { return nil }
    return isLost ? .failure(.terminalLost) : .success(())
  }
}
