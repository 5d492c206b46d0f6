// The members of a JSON object, in the order they came.

/// An object's members, in order, each name once.
///
/// Looking up is linear: the messages that this program reads have a handful of members.
public struct JSONObject: Hashable, Sendable {
  /// A name and its value.
  public struct Member: Hashable, Sendable {
    /// The member's name.
    public var name: String
    /// Its value.
    public var value: JSONValue

    /// Makes a member.
    public init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The members, in order.
  public private(set) var members: [Member]

  /// An object of these members; of those with the same name the last value wins, in the first place.
  public init(_ members: [Member] = []) {
    self.members = members
    if members.count > 1 { dropDuplicates() }
  }

  /// The value of a member.
  ///
  /// Setting an absent one appends it, setting nil removes it.
  public subscript(name: String) -> JSONValue? {
    get { members.first { $0.name == name }?.value }
    set {
      let index = members.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Whether there is no member.
  public var isEmpty: Bool { members.isEmpty }

  // A stranger may send ten thousand members in one line: from a few on, an index keeps this linear.
  private mutating func dropDuplicates() {
    if members.count <= 12 {
      for index in members.indices.dropFirst()
      where members[..<index].contains(where: { $0.name == members[index].name }) {
        return rebuild()
      }
    } else {
      rebuild()
    }
  }

  private mutating func rebuild() {
    var places: [String: Int] = [:]
    places.reserveCapacity(members.count)
    var kept: [Member] = []
    kept.reserveCapacity(members.count)
    for member in members {
      if let place = places[member.name] {
        kept[place].value = member.value
      } else {
        places[member.name] = kept.count
        kept.append(member)
      }
    }
    members = kept
  }
}
