// The line's part of the configuration, as `register` brings it.

import CCCore
import CCJSON

/// Which browser shows which page, and what `register` of the SDK gets.
///
/// The keys are those of `sdk.` in the configuration.
struct Settings: Hashable {
  /// Where the vendor's script comes from.
  enum Script: Hashable {
    /// From its own address.
    case address(String)
    /// From a file of this machine, served to the page under the vendor's address: for trying out.
    case file(String, as: String)

    /// The address that the page names.
    var address: String {
      switch self {
      case .address(let address), .file(_, let address): address
      }
    }
  }

  /// How the browser shows itself.
  enum Window: String, Hashable {
    /// A window of its own, without an address bar.
    case app
    /// None: for trying out, and for tests.
    case headless
  }

  /// A path, or a name to be found in PATH; nil: the first one known.
  var browser: String?
  /// The https origin that the page has; the page itself is served by us.
  var origin: String
  var script: Script
  var window: Window
  /// Whether the browser gives up its sandbox, as it must to run as root.
  var noSandbox: Bool
  /// How long the script may take to come, in seconds.
  var scriptSeconds: Int
  /// How long the first status of the seat may take after `register`, in seconds.
  var registerSeconds: Int
  /// Further fields of `register`.
  var options: JSONObject

  /// A setting that cannot be used, in one sentence.
  struct Unusable: Error, Hashable {
    var sentence: String
  }

  /// The documented addresses of the script (contract, section 1).
  static let scripts = [
    "itniotech": "https://cc-sdk.itniotech.com/sip-sdk.js",
    "laaffic": "https://cc-sdk.laaffic.com/sip-sdk.js",
  ]

  /// Reads the `config` object of `register`.
  init(_ config: JSONValue?) throws(Unusable) {
    func text(_ key: String) throws(Unusable) -> String? {
      guard let value = config?[key], value != .null else { return nil }
      guard let text = value.string else { throw Unusable(sentence: "sdk.\(key) is no text.") }
      return text.isEmpty ? nil : text
    }
    func seconds(_ key: String, usual: Int) throws(Unusable) -> Int {
      guard let value = config?[key], value != .null else { return usual }
      guard let seconds = value.int ?? value.string.flatMap({ Int($0) }),
        (1...120).contains(seconds)
      else { throw Unusable(sentence: "sdk.\(key) is a number of seconds from 1 to 120.") }
      return seconds
    }
    browser = try text("browser")
    origin = try text("origin") ?? "https://softphone.invalid"
    guard Self.isOrigin(origin) else {
      throw Unusable(
        sentence: "sdk.origin is an https origin without a path, as in https://desk.example.")
    }
    let brand = try text("brand") ?? "itniotech"
    guard let address = Self.scripts[brand] else {
      throw Unusable(sentence: "sdk.brand is itniotech or laaffic.")
    }
    script = try Self.script(try text("script"), usual: address)
    guard let window = Window(rawValue: try text("window") ?? "app") else {
      throw Unusable(sentence: "sdk.window is app or headless.")
    }
    self.window = window
    noSandbox = config?["noSandbox"]?.bool ?? false
    scriptSeconds = try seconds("scriptSeconds", usual: 20)
    registerSeconds = try seconds("registerSeconds", usual: 15)
    options = try Self.options(config?["options"])
  }

  private static func script(_ text: String?, usual: String) throws(Unusable) -> Script {
    guard let text else { return .address(usual) }
    if text.hasPrefix("file:") {
      let path = text.dropFirst(5)
      guard !path.isEmpty else { throw Unusable(sentence: "sdk.script: file: wants a path.") }
      return .file(String(path), as: usual)
    }
    guard text.hasPrefix("https://"), text.utf8.count <= 2048, text.utf8.allSatisfy(isAddressByte)
    else { throw Unusable(sentence: "sdk.script is an https address, or file:PATH.") }
    return .address(text)
  }

  /// `https://host` or `https://host:port`.
  static func isOrigin(_ text: String) -> Bool {
    guard text.hasPrefix("https://"), text.utf8.count <= 255 else { return false }
    let host = text.dropFirst(8).utf8
    return !host.isEmpty
      && host.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"):
          true
        default: false
        }
      }
  }

  // What may stand in an address without quoting, in HTML too.
  private static func isAddressByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && !"\"'<>`\\{}|^&".utf8.contains(byte)
  }

  private static func options(_ value: JSONValue?) throws(Unusable) -> JSONObject {
    switch value {
    case nil, .null: return JSONObject()
    case .object(let object):
      guard object["token"] == nil else {
        throw Unusable(sentence: "sdk.options.token: the token comes from token.from.")
      }
      return JSONObject(
        object.members.map { JSONObject.Member(name: $0.name, value: plain($0.value)) })
    default: throw Unusable(sentence: "sdk.options is a map.")
    }
  }

  // A further field is configured as a text; the SDK wants what it looks like.
  private static func plain(_ value: JSONValue) -> JSONValue {
    guard let text = value.string else { return value }
    switch text {
    case "true": return true
    case "false": return false
    default: return Int64(text).map { .int($0) } ?? value
    }
  }
}

extension Settings {
  /// What `ccterm config check` says of a configuration.
  static func faults(in config: JSONValue?) -> [SafeText] {
    do throws(Unusable) {
      _ = try Settings(config)
      return []
    } catch {
      return [SafeText(error.sentence)]
    }
  }
}
