// What a picture needs to know beside the desk: the zone of its times, and what the terminal can show.

import CCCore

/// How the screen is to look.
public struct Look: Hashable, Sendable {
  /// The zone of the times.
  public var zone: Zone
  /// Whether only ASCII can be shown.
  public var ascii: Bool
  /// The header that carries the info with a call, for the Info panel's title; nil: it stays here.
  public var infoHeader: SafeText?
  /// Whose numbers these are (`numbers.country`), for the floor; a desk knows it itself.
  public var numbering: Numbering

  /// Makes a look.
  public init(
    zone: Zone, ascii: Bool = false, infoHeader: SafeText? = nil, numbering: Numbering = Numbering()
  ) {
    self.numbering = numbering
    self.zone = zone
    self.ascii = ascii
    self.infoHeader = infoHeader
  }
}
