// What is local, and what only looks like it.

import Testing

@testable import CCCore

@Suite struct ThisMachineTests {
  @Test(arguments: [
    "localhost", "LocalHost", "127.0.0.1", "127.0.0.2", "127.255.255.255", "127.0.0.9", "::1",
    "[::1]",
    "0:0:0:0:0:0:0:1",
  ])
  func local(_ name: String) { #expect(ThisMachine.isNamed(name)) }

  @Test(arguments: [
    "127.evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "localhost.", "127",
    "127.1", "127.0.1", "127.0.0.256", "127.0.0.01", "127.0.0.+1", "127.0.0.1 ", "0127.0.0.1",
    "128.0.0.1", "0.0.0.0", "::", "::2", "[127.0.0.1]", "[localhost]", "", "[]", "127...1",
    "127..0.0.1", "127.0.0.1/", "127.0.0.:", "[::1", "[::1x", "::1]", "x::1]", "２127.0.0.1",
    "１２７.0.0.1", "10.127.0.0",
  ])
  func elsewhere(_ name: String) { #expect(!ThisMachine.isNamed(name)) }
}
