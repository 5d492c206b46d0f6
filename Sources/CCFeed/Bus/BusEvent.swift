// What passes between a bus and who uses it, as plain values.

import CCCore

/// A message, to be published or as it came.
public struct BusMessage: Hashable, Sendable {
  /// Where to, or where from.
  public var topic: String
  /// The bytes; at most `BusClient.Limits.payload`.
  public var payload: [UInt8]
  /// Whether the broker shall keep it; as it came: whether it had kept it.
  public var isRetained: Bool
  /// Who asks for `BusEvent.delivered` of what is published; 0 asks for nothing.
  public var tag: UInt64

  /// Makes a message.
  public init(topic: String, payload: [UInt8], isRetained: Bool, tag: UInt64 = 0) {
    self.topic = topic
    self.payload = payload
    self.isRetained = isRetained
    self.tag = tag
  }
}

/// What befalls a connection to a bus, in its order.
public enum BusEvent: Hashable, Sendable {
  /// A broker is tried.
  case connecting(host: SafeText)
  /// A broker took us; `epoch` is that of this connection and its will.
  case up(epoch: Int64, host: SafeText)
  /// Every subscription was answered: what the broker keeps is under way, or has come already.
  case subscribed
  /// The broker does not let us read this filter; comes before `subscribed`, and is asked again later.
  case refused(filter: SafeText)
  /// No connection: why, and in how many milliseconds the next one is tried.
  case down(reason: SafeText, retryIn: Int)
  /// The broker has this message of ours.
  case delivered(tag: UInt64)
  /// The connection ended before the broker said that it has this message of ours.
  case undelivered(tag: UInt64)
  /// A message was refused for want of room, and there is room again.
  case room
  /// So many messages came that could not be kept; what the broker keeps was asked for once more.
  case overrun
  /// A message longer than `BusClient.Limits.payload` came on this topic; nothing of it was kept.
  case tooLong(topic: SafeText)
  /// A message.
  case message(BusMessage)
}
