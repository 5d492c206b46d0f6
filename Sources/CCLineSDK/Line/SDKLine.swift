// The line's machine: the desk's commands, the browser's messages and time in; what is to be done out.

import CCCore
import CCJSON
import CCLine

/// Brings the SDK up, keeps it up, and tells the desk about it.
///
///     idle ─► opening ─► loading ─► registering ─► ready
///       ▲        │          │            │           │
///       │        └──────────┴── resting ◄┘           │
///       └── `register` starts anew from anywhere;    └─► a browser that dies ends the program
///
/// Pure: it reads no clock and knows no descriptor. All moments are monotonic nanoseconds. What was
/// registered does not survive its browser, nor do its calls; so the program ends with it, the desk
/// says "line lost", and starts it again with a fresh token.
struct SDKLine {
  /// What happens.
  enum Event {
    case command(LineCommand, JSONValue)
    case browserStarted
    /// It could not be started; why, and whether trying again by itself is of no use.
    case browserRefused(String, final: Bool)
    case message(DevToolsMessage)
    case browserEnded(BrowserEnd, complaint: String)
    /// The script of `file:PATH`, to be served; nil with the reason if it cannot be read.
    case script(request: String, [UInt8]?, reason: String)
    /// Nobody commands any more.
    case endOfInput
    case time
    /// The machine has slept, and the browser with it.
    case woke
  }

  /// What is to be done.
  enum Effect: Hashable {
    case tell(LineEvent)
    /// Start a browser with these settings, or say why not.
    case launch(Settings)
    case send(id: Int, DevToolsCommand)
    /// Serve the page, base64 included: apart, so that effects stay small.
    case serveScript(request: String, path: String)
    /// Call `register` of the SDK; the token is put in when it is written, and shown nowhere.
    case register(id: Int, session: String, Secret, JSONObject)
    /// Kill the browser.
    case kill
    /// End the program; the sentence goes to stderr, where the desk reads it.
    case exit(Int32, String)
  }

  /// Where it stands.
  enum Phase: Hashable {
    /// Nothing was asked for, or nothing more can be done until it is asked for again.
    case idle
    /// The browser was started; until it says so much.
    case opening(until: Int64, answered: Bool)
    /// The page is under way.
    case loading(until: Int64)
    /// `register` was called.
    case registering(until: Int64)
    case ready
    /// A wait before another try.
    case resting(until: Int64, then: Next)
    case leaving(until: Int64)
  }

  /// What follows a wait.
  enum Next: Hashable {
    case launch
    case load
    /// The program ends, so that the desk fetches a fresh token.
    case startOver
  }

  /// What an answer of the browser is for.
  enum Purpose: Hashable {
    case firstAnswer
    case attach
    case setUp(String)
    case load
    case register
    case dial(Int)
    case ping
    case pagePing
    case other
  }

  var phase = Phase.idle
  var settings: Settings?
  var token: Secret?
  var redactor = Redactor()

  var hasBrowser = false
  /// The page's own session, and its frame.
  var session: String?
  var frame: String?
  /// The contexts of the page itself, not of what it embeds.
  var contexts: Set<Int> = []
  var purposes: [Int: Purpose] = [:]
  var nextID = 1
  /// The request that fetches the script, and what is known of it.
  var scriptRequest: String?
  var scriptTrouble: String?
  /// The first line of the answers that came lately, by request: a browser keeps what is no script
  /// from the page, and what it was is only told here.
  var answers: [(request: String, status: Int, type: String)] = []
  /// Whether the page has said that it failed, and the network has not said why yet.
  var scriptHasFailed = false
  /// Whether the page was loaded a second time only to learn why the script failed.
  var looksAgain = false

  var pings = Pings()
  /// Whether `registered` was told and nothing else since.
  var isUp = false
  var failures = 0
  var offline: Offline?
  var hasOpenCall = false
  var dialled: DialledNumber?
  /// A dial whose promise is open: its id and its end.
  var pledged: (id: Int, until: Int64)?
  /// What became of a promise before the answer came that there was one.
  var foretold: (id: Int, error: SafeText?)?
  /// A dial that came while a new token was being registered.
  var held: LineCommand?
  var saidNoMicrophone = false

  /// A seat that went offline by itself, and what to make of it if it stays so.
  struct Offline: Hashable {
    var until: Int64
    var online: Bool
    var touched: Bool
  }

  /// The times of the rules.
  enum Times {
    static let firstAnswer = 10 * Instant.second
    static let page = 10 * Instant.second
    /// The SDK's own time after its script has run; the page itself gives up after 5 s.
    static let object = 7 * Instant.second
    static let ping = 2 * Instant.second
    static let answer = 5 * Instant.second
    static let offline = 3 * Instant.second
    static let pledge = 3 * Instant.second
    /// The network's word on a script may come after the page's.
    static let network = 300 * Instant.millisecond
    static let farewell = 700 * Instant.millisecond
    static let rest = 10 * Instant.second
    static let freshToken = 30 * Instant.second
  }

  /// Takes one event; returns what is to be done, in order.
  mutating func handle(_ event: Event, at now: Int64) -> [Effect] {
    var turn = Turn(now: now)
    switch event {
    case .command(let command, let object): obey(command, object, &turn)
    case .browserStarted: started(&turn)
    case .browserRefused(let sentence, true): giveUp(sentence, &turn)
    case .browserRefused(let sentence, false): rest(sentence, Times.rest, then: .launch, &turn)
    case .message(let message): hear(message, &turn)
    case .browserEnded(let end, let complaint): ended(end, complaint, &turn)
    case .script(let request, let bytes, let reason): serve(request, bytes, reason, &turn)
    case .endOfInput: leave(&turn)
    case .time: tick(&turn)
    case .woke: forgive(&turn)
    }
    return turn.effects
  }

  /// When `time` has something to do.
  var deadline: Int64? {
    let own: Int64? =
      switch phase {
      case .idle, .ready: nil
      case .opening(let until, _), .loading(let until), .registering(let until),
        .resting(let until, _), .leaving(let until):
        until
      }
    return [own, pings.deadline, offline?.until, pledged?.until].compactMap(\.self).min()
  }

  /// What one `handle` collects.
  struct Turn {
    let now: Int64
    var effects: [Effect] = []

    mutating func tell(_ event: LineEvent) { effects.append(.tell(event)) }
    mutating func note(_ level: NoticeLevel, _ words: SafeText) { tell(.log(level, words)) }
    mutating func result(_ id: Int, error: SafeText? = nil) {
      tell(.result(id: id, ok: error == nil, error: error ?? ""))
    }
  }

  /// Sends a command to the browser and notes what its answer is for.
  mutating func send(_ command: DevToolsCommand, for purpose: Purpose, _ turn: inout Turn) {
    let id = nextID
    nextID += 1
    purposes[id] = purpose
    turn.effects.append(.send(id: id, command))
  }
}
