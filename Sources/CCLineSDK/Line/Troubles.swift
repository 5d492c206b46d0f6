// What can go wrong between us and the SDK, each in one clear sentence with the next step.

import CCCore

/// The sentences of this line's troubles.
enum Troubles {
  static let noBrowser =
    "No browser is found: apt install chromium, or set sdk.browser."
  static let noDisplay =
    "There is no display here for the SDK's window: run the line where you sit, "
    + "--line \"exec:ssh my-pc DISPLAY=:0 ccterm line sdk\", or set sdk.window: headless."
  static let noMicrophone =
    "No microphone is found here, so nobody will hear you: plug one in, or run the line where the "
    + "headset is, --line \"exec:ssh my-pc DISPLAY=:0 ccterm line sdk\"."
  static let root =
    "A browser does not run as root with its sandbox: run the desk as an ordinary user. "
    + "(sdk.noSandbox: yes does it all the same; then a hole in a web page is root on this machine.)"
  static let noToken = "No token: set token.from, the source of the SDK's credential."
  static let noFirstAnswer =
    "The browser does not answer on its debugging pipe: a policy may forbid it "
    + "(RemoteDebuggingAllowed), or it is no Chromium; see chrome://policy and sdk.browser."
  static let noPage = "The browser opened no page within 10 s; it is started again."
  static let profileInUse =
    "The browser says that its profile is in use: another browser was started with the same "
    + "command; look at sdk.browser."
  static let browserHangs = "The browser hangs: no answer within 5 s; it is started again."
  static let pageHangs = "The SDK's page hangs: no answer within 5 s; it is started again."
  static let pageCrashed = "The SDK's page crashed; the browser is started again."
  static let windowClosed = "The SDK's window was closed; it is opened again."
  static let pageLeft = "The SDK's page went to another address; it is loaded again."
  static let notSecure =
    "The page is no secure context with WebRTC: the SDK cannot work in this browser; "
    + "see sdk.origin and sdk.browser."
  static let noSDK =
    "ran, but made no window.ccSdk.register within 5 s: it is another script than the documented one."
  static let webPage =
    "gave a web page instead of a script: a captive portal or a proxy? Open it in a browser once."
  static let networkGone = "The SDK went offline: this machine has no network."
  static let wentOffline =
    "You went offline in the SDK's window; choose idle there, or F5 signs in again."
  static let callOpen = "A call is open: a new token would end it."
  static let noAnswerHere =
    "The SDK has no command for that: use its window in the browser."

  /// The script did not come in time.
  static func slowScript(_ settings: Settings?) -> String {
    "did not answer within \(settings?.scriptSeconds ?? 20) s: is there a network, or a proxy in the way?"
  }

  /// No status of a seat came in time.
  static func silent(_ settings: Settings?) -> String {
    "The SDK said nothing within \(settings?.registerSeconds ?? 15) s of register: a wrong or outdated "
      + "token looks like this, and so does a vendor that is away; tried again with a fresh token."
  }

  /// How a browser that nobody asked to end has ended.
  static func ended(_ end: BrowserEnd, complaint: SafeText) -> String {
    switch end {
    case .code(21): profileInUse
    case .code(0): windowClosed
    case .code(let code):
      "The browser ended with exit code \(code)" + (complaint.isEmpty ? "." : ": \(complaint)")
    case .signal(9): "The browser was killed; it is started again."
    case .signal(let number): "The browser crashed (signal \(number)); it is started again."
    }
  }

  /// Why a network load failed, in words a person can act on.
  static func load(_ error: String) -> String {
    switch error {
    case "net::ERR_NAME_NOT_RESOLVED", "NameNotResolved":
      "is not found: the name of its host does not resolve; is there a network?"
    case "net::ERR_INTERNET_DISCONNECTED", "net::ERR_NETWORK_CHANGED", "InternetDisconnected":
      "is not reached: this machine has no network."
    case "net::ERR_CONNECTION_REFUSED", "ConnectionRefused":
      "is not reached: its host refuses the connection."
    // The browser keeps what is no script from a page that asked for one.
    case "net::ERR_BLOCKED_BY_ORB": webPage
    case "net::ERR_TIMED_OUT", "net::ERR_CONNECTION_TIMED_OUT", "TimedOut":
      "did not answer: is there a network, or a proxy in the way?"
    case let error where error.hasPrefix("net::ERR_CERT"):
      "is not trusted: its host shows a certificate that does not fit (\(error.dropFirst(5)))."
    case "": "could not be loaded."
    default: "could not be loaded: \(error)."
    }
  }
}
