// What is said to end a call that nobody here is in any more, and how it is said again.

import CLibre

/// Ends one call.
protocol LastWord: AnyObject {
  /// The call's.
  var callID: String { get }
  /// Says what there is to say.
  func start()
  /// Takes a response, or an ACK, that is its own; false if it is not.
  func takes(_ message: UnsafePointer<sip_msg>) -> Bool
  /// It is not needed any more: nothing is said or told after this.
  func stop()
}

/// Calls whose far side is still to hear that they are over.
protocol Debts: AnyObject {
  /// What a BYE says of its reason; empty: nothing.
  var reason: String { get }
  /// The far side knows it, or the call has become another.
  func settle(_ record: CallRecord, as next: CallRecord?)
}

/// Says a thing until it is heard (RFC 3261 section 17.1.2.2).
///
/// Over UDP it comes again after half a second, one, two, and then every four; it is given up 32 seconds
/// after the first time.
final class Repetition {
  private let isOnce: Bool
  private let deadline = Timer()
  private let again = Timer()
  private var wait = 500

  /// How long it goes on, in milliseconds: 64 times T1.
  static let patience = 32_000

  /// Over a stream nothing is lost, and it is said once.
  init(over transport: Settings.Transport) { isOnce = transport.isStream }

  /// Says it; `over`: nobody has answered to the end.
  func start(_ say: @escaping () -> Void, over: @escaping () -> Void) {
    deadline.start(after: Self.patience, over)
    repeatedly(say)
  }

  private func repeatedly(_ say: @escaping () -> Void) {
    say()
    guard !isOnce else { return }
    again.start(after: wait) { [weak self] in self?.repeatedly(say) }
    wait = min(wait * 2, 4_000)
  }

  /// It was heard: it is not said again, and what comes may still come.
  func heard() { again.cancel() }

  /// Nothing more is waited for.
  func stop() {
    again.cancel()
    deadline.cancel()
  }
}
