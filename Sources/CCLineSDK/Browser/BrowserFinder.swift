// Which browser is here, and whether it can be started at all.

import CCLine
import Glibc

/// Looks for a browser.
enum BrowserFinder {
  /// The names that Chromium and its siblings go by, the best first.
  static let names = [
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge",
  ]

  /// The path of the configured browser, or of the first one found; or the sentence why there is none.
  static func find(_ configured: String?) -> Result<String, Settings.Unusable> {
    if let configured {
      return ProgramPath.find(configured).mapError {
        .init(sentence: "sdk.browser: \($0.sentence).")
      }
    }
    for name in names {
      if case .success(let path) = ProgramPath.find(name) { return .success(path) }
    }
    return .failure(.init(sentence: Troubles.noBrowser))
  }

  /// Why a window cannot be shown here; nil if it can.
  static func whyNoWindow(display: String?, wayland: String?) -> String? {
    (display ?? "").isEmpty && (wayland ?? "").isEmpty ? Troubles.noDisplay : nil
  }
}
