// Durations in figures (screens rule 11).

/// How long things last, written small and written for the panels.
public enum Durations {
  /// `01:23`, beyond an hour `1:02:03`.
  public static func small(_ seconds: Int) -> String {
    let seconds = max(0, seconds)
    let tail = two(seconds / 60 % 60) + ":" + two(seconds % 60)
    return seconds < 3600 ? tail : "\(seconds / 3600):" + tail
  }

  /// `00:01:23`.
  public static func panel(_ seconds: Int) -> String {
    let seconds = max(0, seconds)
    return two(seconds / 3600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60)
  }

  /// `6 s`, beyond a minute `01:23`.
  public static func step(_ seconds: Int) -> String {
    seconds < 60 ? "\(max(0, seconds)) s" : small(seconds)
  }

  /// `33 s`, beyond a minute `52 min`, beyond an hour and a half `2 h 05 min`.
  public static func coarse(_ seconds: Int) -> String {
    if seconds < 60 { return "\(max(0, seconds)) s" }
    let minutes = seconds / 60
    return minutes < 90 ? "\(minutes) min" : "\(minutes / 60) h \(two(minutes % 60)) min"
  }

  /// A number in at least two digits.
  static func two(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
