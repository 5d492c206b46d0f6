// A registrar and proxy: kamailio without a database.

import Foundation

/// A kamailio on a loopback port, for UDP and TCP, that knows the account 1001.
///
/// Numbers of 7 and a port go to a peer on that port over UDP, of 8 and a port over TCP. What it sees
/// is written down, one line a request: `SEEN method cseq "authorization" contact`.
public final class Kamailio: Sendable {
  /// How it is set up.
  public struct Setup: Sendable {
    /// The account's password.
    public var password = "secret"
    /// The realm that it challenges a REGISTER with.
    public var realm = "cc.test"
    /// The realm that it challenges an INVITE with; nil: the same.
    public var inviteRealm: String?
    /// The realm that it challenges our requests in a call with; nil: it does not.
    public var realmInCalls: String?
    /// MD5 or SHA-256.
    public var algorithm = "MD5"
    /// Whether it asks for `qop=auth`.
    public var protectsQuality = false
    /// Its certificate: then it speaks TLS, too, on `tlsPort`.
    public var certificate: Certificates.Pair?
    /// The host name that it writes into Record-Route instead of its address, and how a line reaches it
    /// there (`udp`, `tcp`).
    public var advertised: (name: String, transport: String)?
    /// Whether it listens on `[::1]`, too.
    public var listensOnIPv6 = false
    /// Ports that sound is led through: the caller's and the called one's.
    public var relay: (caller: UInt16, called: UInt16)?
    /// The usual one.
    public init() {}
  }

  /// The port.
  public let port: UInt16
  /// The port for TLS; nobody listens there without a certificate.
  public let tlsPort: UInt16
  private let folder: TestFolder
  private let peer: Mutexed<Peer>

  /// Starts one and waits until it listens.
  public init(_ setup: Setup = Setup()) async throws {
    // Between the kernel's pick and the bind another program may have taken the port.
    var last: any Error = NotInTime("kamailio")
    for _ in 1...3 {
      do {
        let port = Ports.free()
        let tlsPort = Ports.free()
        let folder = try TestFolder()
        _ = try folder.write("kamailio.cfg", Self.configuration(setup, port: port, tlsPort))
        peer = Mutexed(try await Self.start(port, folder))
        self.port = port
        self.tlsPort = tlsPort
        self.folder = folder
        return
      } catch { last = error }
    }
    throw last
  }

  private static func start(_ port: UInt16, _ folder: TestFolder) async throws -> Peer {
    let peer = try Peer(
      "kamailio",
      [
        "-f", folder.path("kamailio.cfg"), "-DD", "-E", "-Y", folder.url.path, "-m", "64", "-M",
        "4",
      ],
      in: folder)
    try await eventually("kamailio listens") {
      if let code = peer.exitCodeIfEnded {
        throw NotInTime("kamailio ended with \(code): \(folder.read("kamailio.out").suffix(500))")
      }
      // UDP is bound before TCP listens.
      return Ports.answers(tcp: port)
    }
    return peer
  }

  /// What it wrote, the requests that it saw among it.
  public var log: String { folder.read("kamailio.out") }

  /// The requests of a method that it saw, in their order.
  public func seen(_ method: String) -> [Substring] {
    log.split(separator: "\n").filter { $0.contains("SEEN \(method) ") }
  }

  /// Stops it; `start()` brings it back on the same port.
  public func stop() async { await peer.with({ $0 }).stop() }

  /// Starts it again after `stop()`; waits for the port where another program has it for a moment.
  public func start() async throws {
    var last: any Error = NotInTime("kamailio")
    for _ in 1...10 {
      do {
        let again = try await Self.start(port, folder)
        return peer.with { $0 = again }
      } catch { last = error }
    }
    throw last
  }

  private static func configuration(_ setup: Setup, port: UInt16, _ tlsPort: UInt16) -> String {
    let inviteRealm = setup.inviteRealm ?? setup.realm
    func challenge(_ realm: String) -> String {
      """
      if (!pv_auth_check("\(realm)", "\(setup.password)", "0", "0")) { auth_challenge("\(realm)", "0"); exit; }
      """
    }
    let tls = overTLS(setup, tlsPort)
    let recordRoute =
      setup.advertised.map { name, transport in
        "record_route_preset(\"\(name):\(port);transport=\(transport)\")"
      } ?? "record_route()"
    return """
      children=1
      tcp_children=1
      auto_aliases=no
      alias="cc.test"
      \(setup.advertised.map { "alias=\($0.name):\(port)" } ?? "")
      listen=udp:127.0.0.1:\(port)
      listen=tcp:127.0.0.1:\(port)
      tcp_reuse_port=yes
      \(setup.listensOnIPv6 ? "listen=udp:[::1]:\(port)\nlisten=tcp:[::1]:\(port)" : "")
      \(tls.listening)
      mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
      loadmodule "tm.so"
      loadmodule "tmx.so"
      loadmodule "sl.so"
      loadmodule "rr.so"
      loadmodule "pv.so"
      loadmodule "maxfwd.so"
      loadmodule "textops.so"
      loadmodule "siputils.so"
      loadmodule "xlog.so"
      loadmodule "auth.so"
      loadmodule "usrloc.so"
      loadmodule "registrar.so"
      \(tls.modules)
      modparam("usrloc", "db_mode", 0)
      modparam("registrar", "gruu_enabled", 0)
      modparam("auth", "algorithm", "\(setup.algorithm)")
      \(setup.protectsQuality ? #"modparam("auth", "qop", "auth")"# : "")
      modparam("tm", "fr_timer", 4000)
      modparam("tm", "fr_inv_timer", 20000)
      request_route {
        xlog("L_ERR", "SEEN $rm $cs \\"$au\\" $hdr(Contact)\\n");
        if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
        if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
        if (has_totag()) {
          \(setup.realmInCalls.map { inCalls(challenge($0)) } ?? "")
          if (loose_route()) { \(tls.inDialog) t_relay(); exit; }
          if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
          sl_send_reply("404", "Not here"); exit;
        }
        t_check_trans();
        \(tls.contact)
        if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
        if (is_method("REGISTER") && $fU == "1001") { \(challenge(setup.realm)) }
        if (is_method("INVITE") && $fU == "1001") { \(challenge(inviteRealm)) consume_credentials(); }
        if (is_method("REGISTER")) { save("location"); exit; }
        if (is_method("INVITE")) \(recordRoute);
        if ($rU =~ "^7[0-9]{5}$") { $du = "sip:127.0.0.1:" + $(rU{s.substr,1,0}); t_relay(); exit; }
        if ($rU =~ "^8[0-9]{5}$") {
          $du = "sip:127.0.0.1:" + $(rU{s.substr,1,0}) + ";transport=tcp"; t_relay(); exit;
        }
        \(relayed(setup.relay?.called))
        if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
        t_on_reply("BACK");
        t_relay();
      }
      onreply_route[BACK] { \(relayed(setup.relay?.caller)) return; }

      """
  }

  /// What is asked of our requests in a call; by a transaction, which takes the ACK to the refusal.
  private static func inCalls(_ challenge: String) -> String {
    """
    if (is_method("ACK")) t_check_trans();
    if ($fU == "1001" && is_method("INVITE|BYE|INFO|REFER|NOTIFY")) {
      \(challenge.replacing("{ auth_challenge", with: "{ t_newtran(); auth_challenge"))
      consume_credentials();
    }
    """
  }

  /// Sound is led through a port.
  private static func relayed(_ port: UInt16?) -> String {
    guard let port else { return "" }
    return "if (has_body(\"application/sdp\")) "
      + "{ subst_body('/^m=audio [0-9]+/m=audio \(port)/g'); }"
  }

  /// What TLS needs: a module, a port, and that calls to a client go over the connection that it
  /// opened, whatever its Contact says.
  private static func overTLS(
    _ setup: Setup, _ port: UInt16
  ) -> (listening: String, modules: String, contact: String, inDialog: String) {
    guard let pair = setup.certificate else { return ("", "", "", "") }
    return (
      "enable_tls=yes\nlisten=tls:127.0.0.1:\(port)",
      """
      loadmodule "tls.so"
      loadmodule "nathelper.so"
      modparam("tls", "tls_method", "TLSv1.2+")
      modparam("tls", "certificate", "\(pair.certificate)")
      modparam("tls", "private_key", "\(pair.key)")
      modparam("nathelper|registrar", "received_avp", "$avp(received)")
      """,
      """
      if ($proto == "tls") {
        if (is_method("REGISTER")) { fix_nated_register(); } else { add_contact_alias(); }
      }
      """,
      // A change of a call names the contact anew.
      #"if ($proto == "tls" && is_method("INVITE")) add_contact_alias(); handle_ruri_alias();"#
    )
  }
}
