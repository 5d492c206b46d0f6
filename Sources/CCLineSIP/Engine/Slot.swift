// One owner for one object of libre.

import CLibre

/// A place that holds one object and lets go of it exactly once.
///
/// libre counts references, keeps the address of the place and empties it itself when the object ends
/// first; a second `mem_deref` would corrupt its heap. So the place never moves, and only `release`
/// lets go.
final class Slot {
  /// The place, to be handed to libre.
  let place: UnsafeMutablePointer<OpaquePointer?>

  init() {
    place = .allocate(capacity: 1)
    place.initialize(to: nil)
  }

  /// The object, if there is one.
  var object: OpaquePointer? { place.pointee }

  /// Holds the object beside whoever holds it already: for what libre hands out and keeps.
  func hold() { mem_ref(place.pointee.map { UnsafeMutableRawPointer($0) }) }

  /// Lets go of the object.
  ///
  /// For a session this is hanging up, for a request it is cancelling.
  func release() {
    guard let object = place.pointee else { return }
    place.pointee = nil
    mem_deref(UnsafeMutableRawPointer(object))
  }

  deinit {
    release()
    place.deallocate()
  }
}
