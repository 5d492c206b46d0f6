// How the browser is started.

/// The browser's command line.
enum LaunchPlan {
  /// The arguments, the program itself first.
  ///
  /// Nothing here is secret: everybody on the machine can read it. There is no port: the browser
  /// listens on a pipe that only this program holds.
  static func arguments(_ browser: String, profile: String, _ settings: Settings) -> [String] {
    var arguments = [
      browser, "--remote-debugging-pipe", "--user-data-dir=\(profile)",
      "--no-first-run", "--no-default-browser-check", "--disable-breakpad",
      "--disable-sync", "--disable-extensions", "--disable-component-update",
      "--password-store=basic", "--disable-background-networking", "--disable-translate",
      // Ringing and the far end must be heard although nobody has clicked in the page.
      "--autoplay-policy=no-user-gesture-required",
      // The terminal covers the window most of the day: its timers must not be slowed down.
      "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
      "--disable-renderer-backgrounding",
    ]
    if settings.noSandbox { arguments.append("--no-sandbox") }
    switch settings.window {
    case .app: arguments += ["--window-size=420,640", "--app=data:text/html,<title>ccterm</title>"]
    case .headless: arguments += ["--headless=new", "about:blank"]
    }
    return arguments
  }
}
