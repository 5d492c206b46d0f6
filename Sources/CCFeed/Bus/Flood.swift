// A flood of messages, told from single ones.

/// Tells a flood from single messages, by how many came in the last hundredth of a second.
struct Flood {
  private var window: Int64 = 0
  private var count = 0
  private var isOn = false

  /// Takes what one look brought; whether it pays to wait for more before the next look.
  mutating func goesOn(_ messages: Int, at now: Int64) -> Bool {
    if now - window >= 10 {
      isOn = count >= 50 && now - window < 20
      window = now
      count = 0
    }
    count += messages
    return isOn && messages < 128
  }
}
