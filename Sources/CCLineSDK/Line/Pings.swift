// Whether browser and page still answer.

import CCCore

/// The two questions that are asked again and again: one to the browser, one to the page.
struct Pings: Hashable {
  private var next: Int64?
  private var browserBy: Int64?
  private var pageBy: Int64?

  /// Nothing is asked yet.
  init() {}

  /// What is to be done now.
  enum Verdict: Hashable {
    case ask
    case browserHangs
    case pageHangs
  }

  /// When `tick` has something to say.
  var deadline: Int64? { [next, browserBy, pageBy].compactMap(\.self).min() }

  mutating func start(at now: Int64) {
    stop()
    next = now + SDKLine.Times.ping
  }

  mutating func stop() { self = Pings() }

  mutating func browserAnswered() { browserBy = nil }

  mutating func pageAnswered() { pageBy = nil }

  /// Both slept, and have their whole time again.
  mutating func woke(at now: Int64) {
    if browserBy != nil { browserBy = now + SDKLine.Times.answer }
    if pageBy != nil { pageBy = now + SDKLine.Times.answer + 200 * Instant.millisecond }
  }

  mutating func tick(at now: Int64) -> Verdict? {
    // A browser that hangs answers for none of its pages.
    if let browserBy, now >= browserBy { return .browserHangs }
    if let pageBy, now >= pageBy { return .pageHangs }
    guard let due = next, now >= due else { return nil }
    next = now + SDKLine.Times.ping
    browserBy = browserBy ?? now + SDKLine.Times.answer
    // Asked a breath later, so that a hanging browser is named as such and not its page.
    pageBy = pageBy ?? now + SDKLine.Times.answer + 200 * Instant.millisecond
    return .ask
  }
}
