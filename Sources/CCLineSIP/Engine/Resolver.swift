// Names to numbers, on a thread, with a deadline.

import CLibre
import Glibc

/// Resolves names with `getaddrinfo`: `/etc/hosts` works as everywhere, and libre, whose own client does
/// not check who answers, is only ever given numbers.
final class Resolver {
  private let queue = Slot()
  private let deadline = Timer()
  private let ticket = Ticket()
  private var generation: Int32 = 0
  private var handler: (([sa]) -> Void)?

  /// How long a name may take, in milliseconds.
  static let patience = 5_000

  /// Must be called after libre was opened; it lives as long as the program, since a slow thread may
  /// still hold it.
  init?() {
    let error = mqueue_alloc(
      queue.place,
      { generation, data, argument in
        guard let data else { return }
        let query = Unmanaged<Query>.fromOpaque(data).takeRetainedValue()
        Ticket.holder(argument, as: Resolver.self)?.finish(generation, query.addresses)
      }, ticket.of(self))
    guard error == 0 else { return nil }
  }

  /// Finds the addresses of a host; none if it has none or the deadline passed.
  ///
  /// A new question replaces the one before it. A host that is a number is answered at once.
  func resolve(_ host: String, port: UInt16, _ handler: @escaping ([sa]) -> Void) {
    cancel()
    var number = sa()
    if sa_set_str(&number, host, port) == 0 { return handler([number]) }
    guard let queue = queue.object else { return handler([]) }
    self.handler = handler
    let asked = generation
    let query = Query(host: host, port: port, queue: queue, generation: asked)
    guard query.start() else { return finish(asked, []) }
    deadline.start(after: Self.patience) { [weak self] in self?.finish(asked, []) }
  }

  /// Forgets the question under way.
  func cancel() {
    generation &+= 1
    handler = nil
    deadline.cancel()
  }

  private func finish(_ answered: Int32, _ addresses: [sa]) {
    guard answered == generation, let handler else { return }
    cancel()
    handler(addresses)
  }
}

/// One question on its own thread.
///
/// Only the thread touches it until it is pushed back to the loop.
private final class Query: @unchecked Sendable {
  let host: String
  let port: UInt16
  let queue: OpaquePointer
  let generation: Int32
  var addresses: [sa] = []

  init(host: String, port: UInt16, queue: OpaquePointer, generation: Int32) {
    self.host = host
    self.port = port
    self.queue = queue
    self.generation = generation
  }

  /// The loop gets it back, and owns it then.
  func start() -> Bool {
    DetachedThread.start { [self] in run(Unmanaged.passRetained(self).toOpaque()) }
  }

  private func run(_ me: UnsafeMutableRawPointer) {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
    hints.ai_flags = Int32(AI_ADDRCONFIG)
    var list: UnsafeMutablePointer<addrinfo>?
    if getaddrinfo(host, nil, &hints, &list) == 0 {
      var next = list
      while let current = next {
        next = current.pointee.ai_next
        var address = sa()
        if sa_set_sa(&address, current.pointee.ai_addr) == 0 {
          addresses.append(address.with(port: port))
        }
      }
      freeaddrinfo(list)
    }
    mqueue_push(queue, generation, me)
  }
}
