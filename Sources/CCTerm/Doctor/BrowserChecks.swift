// The browser that the vendor's SDK runs in: asked itself, since only it knows.

import CCCore
import CCJSON
import CLinux
import Glibc

/// Looks at browser, display, WebRTC, microphone and the SDK's script.
@MainActor enum BrowserChecks {
  private static let names = [
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge",
  ]

  static func findings(_ configuration: Configuration) -> [Finding] {
    [FileChecks.program("ccterm-line-sdk")] + browser(configuration) + [display(configuration)]
      + script(configuration)
  }

  // MARK: The browser

  private static func browser(_ configuration: Configuration) -> [Finding] {
    let configured = configuration.text("sdk.browser")
    let found = (configured.map { [$0] } ?? names).lazy.compactMap(ProgramSearch.path).first
    guard let found else {
      return [
        .missing(
          "browser", configured.map { "sdk.browser: \($0) is not there" } ?? "none is found",
          mend: "sudo apt install chromium")
      ]
    }
    let isRoot = geteuid() == 0
    if isRoot, !configuration.flag("sdk.noSandbox") {
      return [
        version(found),
        .missing(
          "sandbox", "a browser does not run as root with its sandbox",
          mend: "run ccterm as an ordinary user (-c sdk.noSandbox=yes is unwise)"),
      ]
    }
    return [version(found)] + inside(found, noSandbox: configuration.flag("sdk.noSandbox"))
  }

  private static func version(_ path: String) -> Finding {
    guard let run = ProbeRun.run([path, "--version"], seconds: 10),
      let line = run.output.split(separator: "\n").last(where: { $0.contains(where: \.isNumber) })
    else {
      return .missing(
        "browser", "\(path) does not say its version", mend: "sudo apt install --reinstall chromium"
      )
    }
    let words = line.split(separator: " ")
    let major = words.lazy.compactMap { $0.split(separator: ".").first.flatMap { Int($0) } }.first
    // The SDK's own demands are not documented; --headless=new and its fulfilled requests came with 112.
    guard let major, major >= 112 else {
      return .missing(
        "browser", "\(line) is too old", mend: "sudo apt update && sudo apt install chromium")
    }
    return .ok("browser", String(line))
  }

  /// What a page sees: written to the console, which goes to stderr.
  private static let page = """
    <!doctype html><meta charset="utf-8"><script>
    (async () => {
      const r = {secure: isSecureContext, rtc: typeof RTCPeerConnection === 'function',
        elements: typeof customElements === 'object'}
      const wait = new Promise((_, no) => setTimeout(() => no({name: 'Timeout'}), 4000))
      try {
        const stream = await Promise.race([navigator.mediaDevices.getUserMedia({audio: true}), wait])
        r.microphone = stream.getAudioTracks().map(t => t.label).join(', ') || 'without a name'
        const all = await navigator.mediaDevices.enumerateDevices()
        r.outputs = all.filter(d => d.kind === 'audiooutput').length
      } catch (error) { r.trouble = error.name }
      console.log('ccterm-doctor ' + JSON.stringify(r) + ' end')
    })()
    </script>
    """

  private static func inside(_ path: String, noSandbox: Bool) -> [Finding] {
    guard let folder = temporaryFolder() else {
      return [.warning("page", "no folder can be made in /tmp", mend: "df -h /tmp")]
    }
    defer { remove(folder) }
    let file = "\(folder)/page.html"
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return [] }
    Say.write(page, to: descriptor)
    close(descriptor)
    let arguments =
      [
        path, "--headless=new", "--use-fake-ui-for-media-stream", "--enable-logging=stderr",
        "--no-first-run", "--disable-sync", "--disable-background-networking",
        "--user-data-dir=\(folder)/profile",
      ] + (noSandbox ? ["--no-sandbox"] : []) + ["file://\(file)"]
    // What it leaves in its TMPDIR goes with the folder.
    let run = ProbeRun.run(arguments, seconds: 20, temporary: folder) { $0.contains(" end\"") }
    guard let json = run.flatMap({ report(in: $0.output) }) else {
      return [
        .missing(
          "page", "the browser shows no page",
          mend: "\(path) --headless=new --dump-dom about:blank shows why")
      ]
    }
    return webRTC(json) + [microphone(json)] + output(json)
  }

  private static func report(in output: String) -> JSONValue? {
    guard let start = output.firstRange(of: "ccterm-doctor ") else { return nil }
    guard let end = output[start.upperBound...].firstRange(of: " end\"") else { return nil }
    return try? JSONReader.read(String(output[start.upperBound..<end.lowerBound]))
  }

  private static func webRTC(_ json: JSONValue) -> [Finding] {
    let isSecure = json["secure"]?.bool == true
    let hasRTC = json["rtc"]?.bool == true && json["elements"]?.bool == true
    return [
      isSecure
        ? .ok("context", "secure")
        : .missing("context", "not secure", mend: "see chrome://policy of this browser"),
      hasRTC
        ? .ok("WebRTC", "RTCPeerConnection and custom elements are there")
        : .missing("WebRTC", "this browser has none", mend: "sudo apt install chromium"),
    ]
  }

  private static func microphone(_ json: JSONValue) -> Finding {
    let there = "\"exec:ssh my-pc DISPLAY=:0 ccterm line sdk\""
    if let label = json["microphone"]?.string {
      guard !label.hasPrefix("Fake ") else {
        return .warning(
          "microphone", "the browser's fake one: a beep, nobody's voice",
          mend: "plug a headset in, or --line \(there)")
      }
      return .ok("microphone", label)
    }
    switch json["trouble"]?.string {
    case "NotAllowedError":
      return .missing(
        "microphone", "it is forbidden", mend: "see AudioCaptureAllowed in chrome://policy")
    case "NotReadableError":
      return .missing("microphone", "another program holds it", mend: "fuser -v /dev/snd/*")
    case "Timeout":
      return .missing("microphone", "it does not answer", mend: "systemctl --user restart pipewire")
    default:
      return .missing(
        "microphone", "there is none here", mend: "plug a headset in, or --line \(there)")
    }
  }

  private static func output(_ json: JSONValue) -> [Finding] {
    guard let count = json["outputs"]?.int else { return [] }
    return [
      count > 0
        ? .ok("sound", "\(count) outputs")
        : .missing("sound", "there is no output", mend: "plug a headset in")
    ]
  }

  // MARK: Around it

  private static func display(_ configuration: Configuration) -> Finding {
    if configuration.text("sdk.window") == "headless" {
      return .ok("display", "not needed: sdk.window is headless")
    }
    if let display = Environment.value("WAYLAND_DISPLAY") ?? Environment.value("DISPLAY") {
      return .ok("display", display)
    }
    return .missing(
      "display", "there is none for the SDK's window",
      mend: "--line \"exec:ssh my-pc DISPLAY=:0 ccterm line sdk\", or -c sdk.window=headless")
  }

  private static func script(_ configuration: Configuration) -> [Finding] {
    let brand = configuration.text("sdk.brand") ?? "itniotech"
    let address = configuration.text("sdk.script") ?? "https://cc-sdk.\(brand).com/sip-sdk.js"
    if address.hasPrefix("file:") {
      let path = String(address.dropFirst("file:".count))
      switch cc_look_at_file(path) {
      case 0: return [.ok("script", path)]
      case cc_no_file: return [.missing("script", "\(path) is no file", mend: "mend sdk.script")]
      default: return [.missing("script", "\(path) cannot be read", mend: "mend sdk.script")]
      }
    }
    guard let program = Beside.program("ccterm-cloud") else {
      return [FileChecks.program("ccterm-cloud")]
    }
    let run = ProbeRun.run([program, "script", address], seconds: 20)
    let json = (run?.output).flatMap { try? JSONReader.read($0.prefix { $0 != "\n" }.utf8) }
    guard json?["ok"]?.bool == true else {
      return [
        .missing(
          "script", json?["error"]?.string ?? "ccterm-cloud gave no answer",
          mend: "see the network, its sign-in page and its proxy: \(address)")
      ]
    }
    let size = (json?["bytes"]?.int ?? 0) / 1024
    return [.ok("script", "\(address), \(size) KiB")]
      + TokenChecks.clock(json?["skew"]?.int, by: "the script's server")
  }

  private static func temporaryFolder() -> String? {
    var template = Array("/tmp/ccterm-doctor-XXXXXX".utf8CString)
    return template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
  }

  /// Removes a folder and what is in it; links are removed, not followed.
  private static func remove(_ path: String) {
    if let directory = opendir(path) {
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard name != ".", name != ".." else { continue }
        var status = stat()
        guard lstat("\(path)/\(name)", &status) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFDIR {
          remove("\(path)/\(name)")
        } else {
          unlink("\(path)/\(name)")
        }
      }
      closedir(directory)
    }
    rmdir(path)
  }
}
