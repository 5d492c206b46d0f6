// The floor on a screen.

import CCCore
import CCView
import Glibc

/// Runs a floor on a terminal: keys in, frames out.
@MainActor final class CursesFloor: LoopClient, FloorListener {
  private let session: FloorSession
  private let front: ScreenFront
  private var screen: FloorScreen
  private var screenDeadline: Int64?
  private var isOpen = false

  private(set) var ending: Result<Void, Failure>?

  init(_ session: FloorSession, _ screen: FloorScreen, _ front: ScreenFront) {
    self.session = session
    self.screen = screen
    self.front = front
    session.listener = self
  }

  func hear(_ effects: [FloorEffect], _ floor: Floor, at now: Instant) {
    for effect in effects {
      screen.observe(effect, at: now)
      if case .alert = effect { front.ring() }
    }
    front.pacer.wantFrame()
  }

  func hear(_ order: SentOrder, at now: Instant) {
    screen.observe(order, at: now)
    front.pacer.wantFrame()
  }

  private func take(_ events: [TerminalEvent], at now: Instant) {
    for event in events {
      switch event {
      case .key(let key):
        front.pacer.wantFrameNow()
        for request in screen.press(key, session.floor, at: now) { grant(request, at: now) }
      case .resized: front.pacer.wantFrameNow()
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
    case .redraw: front.terminal.display.redraw()
    case .suspend: take(front.terminal.suspend(), at: SystemClock.now())
    case .quit: ending = .success(())
    }
  }

  // MARK: The loop

  var watches: [Watch] {
    front.watches { [unowned self] in take($0, at: $1) } + session.watches
  }

  var deadline: Int64? {
    [
      session.deadline, front.terminal.deadline, screenDeadline, front.pacer.deadline,
      front.bellDeadline,
    ]
    .compactMap(\.self).min()
  }

  func woke(at now: Instant) {
    front.pacer.wantFrameNow()
    session.feed.woke(at: now)
  }

  func clockWasSet(at now: Instant) { front.pacer.wantFrameNow() }

  func turn(at now: Instant) {
    take(front.takeDue(at: now), at: now)
    session.turn(at: now)
    if let deadline = screenDeadline, deadline <= now.uptime {
      for request in screen.tick(at: now) {
        front.pacer.wantFrameNow()
        grant(request, at: now)
      }
      front.pacer.wantFrame()
    }
    draw(at: now)
    if ending == nil { front.ringIfDue(at: now) }
    if front.terminal.display.isLost { ending = .failure(.terminalLost) }
    // The first picture comes before the feed: a large floor takes a moment.
    if !isOpen {
      isOpen = true
      session.tell([screen.opening], at: now)
      session.open(at: now)
      front.pacer.wantFrame()
    }
    screenDeadline = screen.deadline(at: now)
  }

  private func draw(at now: Instant) {
    guard ending == nil, front.pacer.draws(at: now.uptime) else { return }
    let size = front.terminal.display.size
    front.present(
      FloorRenderer.render(session.floor, screen, size: size, look: front.look(at: now), at: now))
    screen.drawn(session.floor, size: size)
  }
}
