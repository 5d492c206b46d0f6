// The next moment at which time alone changes a row.

/// Moments of slots, the earliest first; a slot has one at most.
package struct DeadlineHeap: Sendable {
  private var heap: [(moment: Int64, slot: Int32)] = []
  /// Where a slot stands in the heap; -1: it does not.
  private var places: [Int32] = []

  /// An empty heap.
  package init() {}

  /// The earliest moment.
  package var first: Int64? { heap.first?.moment }

  /// The slot with the earliest moment.
  package var firstSlot: Int32? { heap.first?.slot }

  /// Sets a slot's moment, or takes it away.
  package mutating func set(_ slot: Int32, to moment: Int64?) {
    while places.count <= slot { places.append(-1) }
    let place = Int(places[Int(slot)])
    switch (place >= 0, moment) {
    case (false, nil): return
    case (false, let moment?):
      heap.append((moment, slot))
      places[Int(slot)] = Int32(heap.count - 1)
      rise(heap.count - 1)
    case (true, nil): removePlace(place)
    case (true, let moment?):
      heap[place].moment = moment
      sink(rise(place))
    }
  }

  /// The same, but a moment that moves further away stays where it is, to be looked at when it comes:
  /// most are put off again and again long before that.
  package mutating func setNoLater(_ slot: Int32, to moment: Int64?) {
    if let moment, Int(slot) < places.count, case let place = Int(places[Int(slot)]), place >= 0,
      heap[place].moment <= moment
    {
      return
    }
    set(slot, to: moment)
  }

  /// Takes the earliest slot whose moment is not after `now`.
  package mutating func take(notAfter now: Int64) -> Int32? {
    guard let top = heap.first, top.moment <= now else { return nil }
    removePlace(0)
    return top.slot
  }

  private mutating func removePlace(_ place: Int) {
    places[Int(heap[place].slot)] = -1
    let last = heap.removeLast()
    guard place < heap.count else { return }
    heap[place] = last
    places[Int(last.slot)] = Int32(place)
    sink(rise(place))
  }

  @discardableResult
  private mutating func rise(_ place: Int) -> Int {
    var place = place
    while place > 0 {
      let parent = (place - 1) / 2
      if heap[parent].moment <= heap[place].moment { break }
      swap(parent, place)
      place = parent
    }
    return place
  }

  private mutating func sink(_ place: Int) {
    var place = place
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < heap.count && heap[child].moment < heap[least].moment {
        least = child
      }
      if least == place { return }
      swap(least, place)
      place = least
    }
  }

  private mutating func swap(_ one: Int, _ two: Int) {
    heap.swapAt(one, two)
    places[Int(heap[one].slot)] = Int32(one)
    places[Int(heap[two].slot)] = Int32(two)
  }
}
