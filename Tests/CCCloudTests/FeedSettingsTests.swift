// The feed started as a person starts it: `ccterm` reads the configuration, runs the command that
// prints the broker's password, and hands both over.

import CCTestSupport
import Foundation
import Testing

@Suite struct FeedSettingsTests {
  @Test func thePasswordOfACommandAndTheKeepaliveReachTheBroker() async throws {
    let folder = try TestFolder()
    var setup = Mosquitto.Setup()
    setup.users = ["cloud": "one"]
    let broker = try await Mosquitto(setup)
    let place = folder.url.appending(path: "config/ccterm")
    try FileManager.default.createDirectory(
      at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let file = place.appending(path: "config.yaml").path
    let text = """
      cloud: {key: k, secret: s, api: "http://127.0.0.1:\(Ports.free())", topics: {李伟: red/li}}
      bus:
        url: mqtt://127.0.0.1:\(broker.port)
        user: cloud
        passwordCommand: echo one
        keepalive: 7

      """
    #expect(
      FileManager.default.createFile(
        atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]))
    let run = try CloudProgram(
      ["cloud", "feed"], program: "ccterm",
      environment: [
        "HOME=\(folder.url.path)", "XDG_CONFIG_HOME=\(folder.path("config"))",
        "XDG_STATE_HOME=\(folder.path("state"))", "CCTERM_ETC=\(folder.path("etc"))",
      ], in: folder)
    try await eventually("it is on the bus", within: 30) {
      run.errors.contains("bus: on 127.0.0.1")
    }
    #expect(broker.log.contains("k7, u'cloud'"), "the keepalive is the configured one")
    await run.child.stop()

    // A broker that is away is named, once.
    await broker.stop()
    let late = try CloudProgram(
      ["cloud", "feed"], program: "ccterm", name: "late",
      environment: [
        "HOME=\(folder.url.path)", "XDG_CONFIG_HOME=\(folder.path("config"))",
        "XDG_STATE_HOME=\(folder.path("state"))", "CCTERM_ETC=\(folder.path("etc"))",
      ], in: folder)
    try await eventually("it says why not", within: 30) {
      late.errors.contains("bus: connection refused")
    }
    #expect(late.errors.components(separatedBy: "bus: connection refused").count == 2)
    await late.child.stop()
  }
}
