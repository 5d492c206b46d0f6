// A call's sound on devices that may still be looked for.

/// Silence until there is something to choose, which may be in the middle of the call.
final class LateSound: Sound {
  private let choose: () -> (any Sound)?
  private var chosen: (any Sound)?
  private var place: (wide: Bool, ear: Playout)?
  private let silence = NoSound()

  /// `choose` returns nil while nothing is known.
  init(_ choose: @escaping () -> (any Sound)?) { self.choose = choose }

  private var sound: any Sound { chosen ?? silence }
  var rate: Int { sound.rate }
  var hasMicrophone: Bool { sound.hasMicrophone }
  var hasClock: Bool { sound.hasClock }

  func open(wide: Bool, ear: Playout) {
    place = (wide, ear)
    tryAgain()
  }

  /// Chooses, if that could not be done before.
  func tryAgain() {
    guard chosen == nil, let place, let sound = choose() else { return }
    chosen = sound
    sound.open(wide: place.wide, ear: place.ear)
    place.ear.open(rate: sound.rate)
  }

  func capture(_ block: UnsafeMutableBufferPointer<Int16>) { sound.capture(block) }
  func play(_ block: UnsafeMutableBufferPointer<Int16>) { sound.play(block) }

  func finish() {
    place = nil
    chosen?.finish()
  }
}
