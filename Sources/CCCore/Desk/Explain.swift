// Why the state is what it is, in one line (F9).

extension Desk {
  /// One sentence that says why the desk is in the state it is in, from which source, how old.
  ///
  /// `clock` turns Unix milliseconds into a time of day: the zone belongs to whoever draws.
  public func explain(at now: Instant, clock: (Int64) -> String) -> SafeText { "" }
}
