// The program: descriptors in, events to the machine, its effects out.

import CCCore
import CCJSON
import CCLine
import CLinux
import Glibc

/// Waits for stdin, the browser and time, and does what the machine asks for.
final class LineProgram {
  private var line = SDKLine()
  private var reader = CommandReader()
  private var outbox = EventOutbox(STDOUT_FILENO)
  private var browser: BrowserProcess?
  private var signals: Int32 = -1
  /// Ends a wait when the machine has slept: what was due meanwhile is due at once.
  private let jumps = cc_jump_watch()
  private var slept = cc_slept()
  private var exitCode: Int32?
  private var inputIsOpen = true
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  /// The largest script that `file:PATH` may name.
  private static let longestScript = 8 << 20

  /// Runs; returns the exit code.
  func run() -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    // It holds a token: no core file, and nobody else reads its memory.
    var none = rlimit()
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    _ = cc_hide_memory()
    catchSignals()
    emit(.hello(line: "sdk", abilities: [.dial, .seat]))
    while exitCode == nil { turn() }
    _ = browser?.end()
    return exitCode ?? 0
  }

  private func catchSignals() {
    var set = sigset_t()
    sigemptyset(&set)
    for number in EndSignals.all { sigaddset(&set, number) }
    sigprocmask(SIG_BLOCK, &set, nil)
    signal(SIGXFSZ, SIG_IGN)
    cc_end_watch(&set, EndSignals.milliseconds)
    signals = signalfd(-1, &set, cc_signalfd_flags)
  }

  // MARK: The loop

  private func turn() {
    var polled: [pollfd] = []
    func watch(_ descriptor: Int32, _ events: Int32 = POLLIN) {
      if descriptor >= 0 {
        polled.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
      }
    }
    watch(signals)
    watch(jumps)
    if inputIsOpen { watch(STDIN_FILENO) }
    if outbox.isWaiting { watch(STDOUT_FILENO, POLLOUT) }
    if let browser {
      for descriptor in [browser.output, browser.errors, browser.watch] { watch(descriptor) }
      if let descriptor = browser.writing { watch(descriptor, POLLOUT) }
    }
    let wait = line.deadline.map { max(0, $0 - Self.now + 999_999) / 1_000_000 }
    _ = poll(&polled, nfds_t(polled.count), Int32(clamping: wait ?? -1))
    let ready = Set(polled.filter { $0.revents != 0 }.map(\.fd))

    if ready.contains(jumps) { cc_take_jump(jumps) }
    let before = slept
    slept = cc_slept()
    // Less is only the time between two looks at two clocks.
    if slept - before > 100 * Instant.millisecond { tell(.woke) }
    if ready.contains(signals) {
      var information = signalfd_siginfo()
      if read(signals, &information, MemoryLayout<signalfd_siginfo>.size) > 0 {
        cc_end_begins(Int32(information.ssi_signo))
      }
      tell(.endOfInput)
    }
    if ready.contains(STDOUT_FILENO), !outbox.flush() { tell(.endOfInput) }
    if ready.contains(STDIN_FILENO) { readCommands() }
    serveBrowser(ready)
    if let deadline = line.deadline, deadline <= Self.now { tell(.time) }
  }

  private func readCommands() {
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    guard count > 0 else {
      inputIsOpen = false
      return tell(.endOfInput)
    }
    var found: [CommandReader.Input] = []
    buffer.withUnsafeBytes { bytes in
      reader.feed(UnsafeRawBufferPointer(rebasing: bytes[..<count])) { found.append($0) }
    }
    for input in found {
      switch input {
      case .command(let command, let object): tell(.command(command, object))
      case .unreadable(_, let why): emit(.log(.warning, why))
      }
    }
  }

  private func serveBrowser(_ ready: Set<Int32>) {
    guard var browser else { return }
    if let descriptor = browser.writing, ready.contains(descriptor) { browser.flush() }
    if ready.contains(browser.errors) { browser.readErrors() }
    var messages: [DevToolsMessage] = []
    var isOpen = true
    if ready.contains(browser.output) { isOpen = browser.read { messages.append($0) } }
    // One that has closed its pipe is about to end, and its status says why; if not, it is killed.
    let isOver = ready.contains(browser.watch) && browser.hasEnded
    self.browser = browser
    for message in messages { tell(.message(message)) }
    guard isOver || !isOpen, self.browser != nil else { return }
    if !isOver { Self.awaitEnd(browser.watch) }
    buryBrowser()
  }

  private func buryBrowser() {
    guard var browser else { return }
    self.browser = nil
    let end = browser.end()
    tell(.browserEnded(end, complaint: browser.complaint))
  }

  private static func awaitEnd(_ watch: Int32) {
    var entry = pollfd(fd: watch, events: Int16(POLLIN), revents: 0)
    _ = poll(&entry, 1, 1000)
  }

  // MARK: Effects

  private func tell(_ event: SDKLine.Event) {
    for effect in line.handle(event, at: Self.now) { perform(effect) }
  }

  private func perform(_ effect: SDKLine.Effect) {
    switch effect {
    case .tell(let event): emit(event)
    case .launch(let settings): launch(settings)
    case .send(let id, let command): send(command.encoded(id: id))
    case .serveScript(let request, let path): serveScript(request, path)
    case .register(let id, let session, let token, let options):
      var fields = JSONObject([.init(name: "token", value: .string(token.revealed))])
      for member in options.members { fields[member.name] = member.value }
      send(DevToolsCommand.evaluate(Bridge.register(fields), in: session).encoded(id: id))
    case .kill:
      _ = browser?.end()
      browser = nil
    case .exit(let code, let sentence):
      if !sentence.isEmpty { Self.complain(sentence) }
      exitCode = exitCode ?? code
    }
  }

  private func emit(_ event: LineEvent) {
    if !outbox.send(event) { exitCode = exitCode ?? 0 }
  }

  private func send(_ message: [UInt8]) {
    guard browser?.send(message) == false else { return }
    Self.complain(Troubles.browserHangs)
    exitCode = exitCode ?? LineExit.again
  }

  private func launch(_ settings: Settings) {
    if geteuid() == 0, !settings.noSandbox {
      return tell(.browserRefused(Troubles.root, final: true))
    }
    if settings.window == .app,
      let why = BrowserFinder.whyNoWindow(
        display: Self.environment("DISPLAY"), wayland: Self.environment("WAYLAND_DISPLAY"))
    {
      return tell(.browserRefused(why, final: false))
    }
    switch BrowserFinder.find(settings.browser) {
    case .failure(let refusal): tell(.browserRefused(refusal.sentence, final: false))
    case .success(let path):
      switch BrowserProcess.start(path, settings) {
      case .success(let started):
        browser = started
        tell(.browserStarted)
      case .failure(let failure):
        let words = strerror(failure.code).map { String(cString: $0) } ?? "error \(failure.code)"
        tell(.browserRefused("The browser \(path) cannot be started: \(words).", final: false))
      }
    }
  }

  private func serveScript(_ request: String, _ path: String) {
    switch ScriptFile.read(path, limit: Self.longestScript) {
    case .success(let bytes): tell(.script(request: request, bytes, reason: ""))
    case .failure(let failure): tell(.script(request: request, nil, reason: failure.sentence))
    }
  }

  private static func complain(_ sentence: String) {
    let line = Array((SafeText(sentence).string + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private static var now: Int64 { cc_uptime() }
}
