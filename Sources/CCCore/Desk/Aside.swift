// A large value that is seldom there, kept beside what holds it.

/// An optional value that lies on the heap: what holds it stays small, and is copied at little cost.
///
/// A desk is copied for every fact that it tells. What it needs in few moments (the call that the panel
/// showed before, why the last dial failed) would be most of it.
@propertyWrapper struct Aside<Value: Hashable & Sendable>: Hashable, Sendable {
  private enum Place: Hashable, Sendable {
    case empty
    indirect case full(Value)
  }

  private var place: Place

  init(wrappedValue: Value?) {
    place = wrappedValue.map(Place.full) ?? .empty
  }

  var wrappedValue: Value? {
    get {
      if case .full(let value) = place { value } else { nil }
    }
    set { place = newValue.map(Place.full) ?? .empty }
  }
}
