// What is said of a transfer.

import CCCore

/// Sentences for how a transfer goes.
public enum TransferWords {
  /// What is said of one step, as in `Transferring`.
  public static func sentence(_ state: LineEvent.TransferState, _ reason: SafeText) -> SafeText {
    switch state {
    case .trying: return "Transferring."
    case .done: return "Transferred."
    case .failed:
      let why = reason.isEmpty ? "no reason given" : reason.string
      return SafeText("Transfer failed: \(why)\(why.hasSuffix(".") ? "" : ".")")
    }
  }
}
