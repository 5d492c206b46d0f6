// The steps of a stream reader: a first line, a head, a body.

extension StreamReader {
  // MARK: The first line

  mutating func firstLine(_ all: Bytes, _ take: Taker) -> Bool {
    // Empty lines between messages mean nothing, but two at once are a question.
    while start < all.endIndex, all[start] == 0x0D || all[start] == 0x0A {
      if !bodyBefore.isEmpty { bodyBefore.append(all[start]) }
      if all[start] == 0x0A {
        lines += 1
        if lines == 2 { _ = take(.ping) }
      }
      start += 1
    }
    looked = max(looked, start)
    guard start < all.endIndex else { return false }
    guard let end = all[looked...].firstIndex(of: 0x0A) else {
      looked = all.endIndex
      guard all.endIndex - start > Self.longestLine else { return false }
      _ = take(.unreadable(nil, .noMessage))
      lose(take)
      // The next first line may have begun.
      start = Self.lastStart(in: all[start...])
      return false
    }
    let line = StartLine.withoutReturn(all[start..<end])
    let read = StartLine(line)
    if read?.isSure != true {
      if let place = beginningBefore(line) {
        resume = place
        return false
      }
      if let glued = StartLine.glued(in: line) {
        bodyBefore = []
        return cut(nil, .noMessage, glued, take)
      }
    }
    bodyBefore = []
    state = .head(isGood: read != nil, next: end + 1)
    looked = end + 1
    return true
  }

  /// Where a first line begins in the body before, whose end this line may be.
  private func beginningBefore(_ line: Bytes) -> Int? {
    guard !bodyBefore.isEmpty else { return nil }
    let joined = bodyBefore + line
    return joined.withUnsafeBufferPointer { StartLine.first(in: $0[...]) }
      .flatMap { $0 < bodyBefore.count ? $0 : nil }
  }

  /// Where in a line without an end a first line could just be beginning.
  private static func lastStart(in bytes: Bytes) -> Int {
    max(bytes.startIndex, bytes.endIndex - 1_024)
  }

  // MARK: The head

  mutating func headLine(
    _ all: Bytes, _ isGood: Bool, _ next: Int, _ take: Taker
  ) -> Bool {
    guard let end = all[max(next, looked)...].firstIndex(of: 0x0A) else {
      looked = all.endIndex
      guard all.endIndex - start > Self.longestHead else { return false }
      _ = take(.unreadable(MessageHead(all[start..<next]), .tooLarge))
      lose(take)
      begin(at: next)
      return true
    }
    looked = end + 1
    let line = StartLine.withoutReturn(all[next..<end])
    guard !line.isEmpty else { return headEnds(all, isGood, end + 1, take) }
    // A first line is no header: the message before it has no end.
    if StartLine(line)?.isSure == true {
      return cut(MessageHead(all[start..<next]), isGood ? .unfinished : .startLine, next, take)
    }
    if !isGood, let glued = StartLine.glued(in: line) {
      return cut(MessageHead(all[start..<next]), .startLine, glued, take)
    }
    state = .head(isGood: isGood, next: end + 1)
    return true
  }

  private mutating func cut(
    _ head: MessageHead?, _ fault: Fault, _ place: Int, _ take: Taker
  ) -> Bool {
    _ = take(.unreadable(head, fault))
    begin(at: place)
    return true
  }

  /// A whole message; one that is of no use may be two: the first without an end, the second glued to it.
  private mutating func found(
    _ head: MessageHead, _ whole: Bytes, body: Bytes, _ take: Taker
  ) {
    begin(at: whole.endIndex)
    guard !take(.message(head, whole, body: body)) else { return }
    beginAnew(in: whole[..<body.startIndex])
  }

  /// A head is of no use: what is glued to one of its lines may be.
  private mutating func beginAnew(in head: Bytes) {
    var lines = LineScan(head)
    _ = lines.next()
    while let line = lines.next() {
      guard let glued = StartLine.glued(in: line) else { continue }
      bodyBefore = []
      return begin(at: glued)
    }
  }

  private mutating func headEnds(
    _ all: Bytes, _ isGood: Bool, _ end: Int, _ take: Taker
  ) -> Bool {
    let head = MessageHead(all[start..<end])
    switch head.length {
    case .bytes(let length) where length <= Self.longestBody:
      state = .body(end: end, length: length, isGood: isGood)
      looked = end
      return true
    case .bytes:
      _ = take(.unreadable(head, .tooLarge))
      lose(take)
    case .unreadable:
      _ = take(.unreadable(head, .unreadable(.contentLength)))
      lose(take)
    case .missing where head.values(.contentType).isEmpty:
      // Nothing says that there is a body.
      if isGood {
        found(head, all[start..<end], body: all[end..<end], take)
        return true
      }
      _ = take(.unreadable(head, .startLine))
    case .missing:
      _ = take(.unreadable(head, .missing(.contentLength)))
      lose(take)
    }
    begin(at: end)
    beginAnew(in: all[head.startLine.startIndex..<end])
    return true
  }

  // MARK: The body

  mutating func body(
    _ all: Bytes, _ end: Int, _ length: Int, _ isGood: Bool, _ now: UInt64,
    _ take: Taker
  ) -> Bool {
    guard all.endIndex - end >= length else {
      // It takes long: is another message in what should be its body?
      guard now &- began >= Self.patience, let place = StartLine.first(in: all[looked...]) else {
        if now &- began >= Self.patience { looked = StartLine.lastLine(in: all[looked...]) }
        return false
      }
      _ = take(.unreadable(MessageHead(all[start..<end]), .tooShort))
      lose(take)
      begin(at: place)
      return true
    }
    let head = MessageHead(all[start..<end])
    let place = end + length
    bodyBefore = Array(all[end..<place])
    guard isGood else { return cut(head, .startLine, place, take) }
    found(head, all[start..<place], body: all[end..<place], take)
    return true
  }

  private mutating func lose(_ take: Taker) { _ = take(.endIsLost) }
}
