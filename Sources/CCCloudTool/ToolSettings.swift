// This program's part of the configuration, as ccterm hands it over.

import ArgumentParser
import CCCloud
import CCCore
import CCJSON
import Foundation

/// The option that says where the settings are.
struct SettingsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read the settings as JSON from this descriptor; ccterm cloud does that.",
      valueName: "descriptor"))
  var settings: Int32?

  func load() throws -> ToolSettings {
    guard let settings else { return ToolSettings(.object(JSONObject())) }
    return try ToolSettings.read(settings)
  }
}

/// What is configured below `cloud.`, `token.` and `bus.`.
///
/// It comes through a descriptor (a file in memory, or stdin), so that no secret stands in arguments or
/// environment, and it is one JSON object: `{"cloud": {...}, "token": {...}, "bus": {...}}`.
struct ToolSettings: Sendable {
  private let json: JSONValue

  init(_ json: JSONValue) { self.json = json }

  /// Reads the settings from a descriptor and closes it.
  static func read(_ descriptor: Int32) throws -> ToolSettings {
    let limit = 1 << 20
    var bytes = [UInt8]()
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw ToolFailure.usage("--settings \(descriptor) cannot be read.") }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    if descriptor > 2 { close(descriptor) }
    guard let json = try? JSONReader.read(bytes, limits: .init(bytes: limit)), json.object != nil
    else { throw ToolFailure.usage("--settings \(descriptor) gives no JSON object.") }
    return ToolSettings(json)
  }

  /// A text of a section; nil where none is set.
  func text(_ section: String, _ name: String) -> String? {
    guard let text = json[section]?[name]?.string, !text.isEmpty else { return nil }
    return text
  }

  /// A whole number of a section; one beyond its bounds is the nearest within them.
  func number(_ section: String, _ name: String, in bounds: ClosedRange<Int>) -> Int? {
    json[section]?[name]?.int.map { min(max($0, bounds.lowerBound), bounds.upperBound) }
  }

  /// Seconds until an answer must be there.
  static let patience = 1...60

  /// A map of a section, in its order.
  func map(_ section: String, _ name: String) -> [(name: String, value: String)] {
    (json[section]?[name]?.object?.members ?? []).compactMap { member in
      member.value.string.map { (member.name, $0) }
    }
  }

  /// A secret that stands in the settings, or in the file that they name.
  func secret(_ section: String, _ name: String) throws -> Secret? {
    if let text = text(section, name) { return Secret(text) }
    guard let path = text(section, name + "File") else { return nil }
    return try SecretFile.read(path, key: "\(section).\(name)File")
  }

  /// How the customer's backend is asked.
  func tokenSource() throws -> TokenSource.Settings {
    guard let url = text("token", "url") else {
      throw ToolFailure.usage("token.url is not set: it is the address that hands out the token.")
    }
    var source = TokenSource.Settings()
    source.url = url
    source.method = text("token", "method") ?? source.method
    source.body = text("token", "body")
    source.headers = map("token", "headers").map { HTTPField($0.name, $0.value) }
    source.user = text("token", "user")
    source.secret = try secret("token", "secret")
    source.path = text("token", "path")
    source.expiresPath = text("token", "expiresPath")
    source.patience =
      number("token", "timeout", in: Self.patience).map(Double.init) ?? source.patience
    return source
  }

  /// How the vendor is asked.
  func cloud() throws -> CloudClient.Settings {
    guard let key = text("cloud", "key") else {
      throw ToolFailure.usage("cloud.key is not set: it is the API key of the vendor's console.")
    }
    guard let secret = try secret("cloud", "secret") else {
      throw ToolFailure.usage(
        "neither cloud.secretFile nor cloud.secret is set: it is what belongs to cloud.key.")
    }
    return CloudClient.Settings(
      brand: text("cloud", "brand").flatMap(CloudBrand.init) ?? .itniotech,
      base: text("cloud", "api"), key: key, secret: secret,
      patience: number("cloud", "timeout", in: Self.patience).map(Double.init) ?? 10)
  }

  /// The life of the credentials that are issued, in seconds.
  var expires: Int { number("cloud", "expires", in: 60...28_800) ?? 3600 }
}
