// `ccterm cloud token`: a token, from the customer's backend or straight from the vendor.

import ArgumentParser
import CCCloud
import CCCore
import CCJSON
import CLinux
import Foundation

/// Fetches one token and prints it.
struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Fetch a token: from token.url, or with --account from the vendor.",
    discussion: """
      Each new credential voids the one before it: a desk that is signed in with that is put out.

      --account asks the vendor with key and secret, for development. Whoever holds that key can sign in
      as every seat, so it belongs on no agent's machine: run "ccterm cloud token-service" for those.
      """)

  @Option(help: "The account of the seat whose credential is issued.")
  var account: String?

  @Option(help: "Its life in seconds, 60 to 28800; cloud.expires by default.")
  var expires: Int?

  @Flag(help: "One JSON object: token and expiresIn, or error and mayPass.")
  var json = false

  @Flag(help: "Only look whether token.url answers and knows the secret; nothing is issued.")
  var probe = false

  @OptionGroup var settings: SettingsOption

  func run() async throws {
    do {
      if probe { return try await look(settings.load()) }
      let token = try await fetch(settings.load())
      guard json else { return Out.line(token.secret.revealed) }
      var object = JSONObject()
      object["token"] = .string(token.secret.revealed)
      object["expiresIn"] = token.expiresIn.map { .int(Int64($0)) }
      Out.line(JSONWriter.string(.object(object)))
    } catch let failure as TokenFailure {
      try fail(failure)
    } catch let failure as ToolFailure where json {
      try fail(TokenFailure(failure.sentence, mayPass: false))
    }
  }

  private func fetch(_ settings: ToolSettings) async throws -> Token {
    guard let account else {
      return try await TokenSource(settings.tokenSource()).fetch()
    }
    if !json {
      Out.error(
        "ccterm cloud: this machine holds the vendor's key, which can sign in as every seat; for "
          + "agents run: ccterm cloud token-service")
    }
    let life = expires ?? settings.expires
    let client = CloudClient(try settings.cloud())
    do throws(CloudFailure) {
      let secret = try await client.createCredential(account: account, expires: life)
      return Token(secret, expiresIn: life)
    } catch {
      throw TokenFailure(error.sentence, mayPass: error.mayPass)
    }
  }

  private func look(_ settings: ToolSettings) async throws {
    let now = cc_unix()
    let skew = try await TokenSource(settings.tokenSource()).probe(now: now)
    var object = JSONObject()
    object["ok"] = .bool(true)
    object["skew"] = skew.map { .int(Int64($0)) }
    Out.line(JSONWriter.string(.object(object)))
  }

  // With --json the sentence travels on stdout, where the desk reads.
  private func fail(_ failure: TokenFailure) throws {
    guard json || probe else { throw ToolFailure.failed(failure.sentence) }
    Out.line(
      JSONWriter.string([
        "error": .string(failure.sentence), "mayPass": .bool(failure.mayPass),
      ]))
    throw ExitCode(1)
  }
}
