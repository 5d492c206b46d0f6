// swift-tools-version: 6.2
// ccterm: a call-center agent's desk and a supervisor's floor, in a terminal.
// The rooms and the arrows between them are explained in ARCHITECTURE.md; `make check` holds them.
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  // A curses call off the main actor is a crash waiting for a resize: make the warning an error.
  .treatWarning("ActorIsolatedCall", as: .error),
]

// What a line's program is made of uses no engine of regular expressions: one `contains` of two
// letters would link 0.9 MB of code. `Text/FirstRange.swift` has what is wanted of it.
let small =
  strict + [
    .unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])
  ]

let package = Package(
  name: "ccterm",
  products: [
    .executable(name: "ccterm", targets: ["CCTerm"]),
    .executable(name: "ccterm-line-sip", targets: ["CCLineSIP"]),
    .executable(name: "ccterm-line-sdk", targets: ["CCLineSDK"]),
    .executable(name: "ccterm-cloud", targets: ["CCCloudTool"]),
    .library(name: "MovedClock", type: .dynamic, targets: ["MovedClock"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    // C, each behind one shim
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
    .systemLibrary(name: "CYaml", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CVterm", providers: [.apt(["libvterm-dev"])]),
    .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
    .target(name: "CMosquitto"),
    .target(name: "CPulse"),
    .target(name: "CALSA"),
    .target(name: "COpus"),
    .target(name: "CLinux"),
    .target(
      name: "CLibre", dependencies: ["CLinux"],
      linkerSettings: ["re", "rem", "ssl", "crypto"].map { .linkedLibrary($0) }),

    // the heart
    .target(name: "CCCore", swiftSettings: small),
    .target(name: "CCJSON", swiftSettings: small),

    // the parts
    .target(name: "CCView", dependencies: ["CCCore"], swiftSettings: strict),
    .target(name: "CCLine", dependencies: ["CCCore", "CCJSON", "CLinux"], swiftSettings: small),

    .target(
      name: "CCFeed", dependencies: ["CCCore", "CCJSON", "CMosquitto", "CLinux"],
      swiftSettings: strict),
    .target(
      name: "CCCloud", dependencies: ["CCCore", "CCJSON", "CLinux", "COpenSSL"],
      swiftSettings: strict),

    // the programs
    .executableTarget(
      name: "CCTerm",
      dependencies: [
        "CCCore", "CCFeed", "CCJSON", "CCView", "CCLine", "CNcurses", "CLinux", "CYaml",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "CCLineSIP",
      dependencies: ["CCCore", "CCJSON", "CCLine", "CLibre", "CPulse", "CALSA", "COpus", "CLinux"],
      swiftSettings: small),
    .executableTarget(
      name: "CCLineSDK", dependencies: ["CCCore", "CCJSON", "CCLine", "CLinux"],
      swiftSettings: small),
    .executableTarget(
      name: "CCCloudTool",
      dependencies: [
        "CCCloud", "CCCore", "CCFeed", "CCJSON", "CLinux", "FlyingFox",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // the tests
    .target(
      name: "CCTestSupport", dependencies: ["CCCore", "CCView", "CVterm", "CLinux", "TestThreads"],
      path: "Tests/CCTestSupport",
      exclude: ["RealSystems/asterisk", "RealSystems/freeswitch"], swiftSettings: strict),
    .testTarget(
      name: "CCCoreTests", dependencies: ["CCCore", "CCTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CCJSONTests", dependencies: ["CCJSON", "CCTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CCViewTests", dependencies: ["CCView", "CCCore", "CCTestSupport"],
      exclude: ["Goldens"], swiftSettings: strict),
    .testTarget(
      name: "CCLineTests",
      dependencies: ["CCLine", "CCCore", "CCJSON", "CCTestSupport", "LineHolder"],
      exclude: ["Goldens"], swiftSettings: strict),
    .testTarget(
      name: "CCFeedTests", dependencies: ["CCFeed", "CCCore", "CMosquitto", "CCTestSupport"],
      swiftSettings: strict),
    // Threads for the tests' tasks, more of them than there are cores.
    .target(name: "TestThreads", path: "Tests/TestThreads"),
    // A library that moves the clocks of a program under test.
    .target(name: "MovedClock", path: "Tests/MovedClock"),
    // A program that holds a line program, to be killed by a test.
    .executableTarget(
      name: "LineHolder", dependencies: ["CCLine", "CLinux"], path: "Tests/LineHolder",
      swiftSettings: strict),
    .testTarget(
      name: "CCTermTests",
      dependencies: [
        "CCTerm", "CCView", "CCCore", "CCLine", "CNcurses", "CLinux", "CCTestSupport",
        "LineHolder",
      ],
      exclude: ["Goldens"], swiftSettings: strict),
    .testTarget(
      name: "CCLineSIPTests",
      dependencies: ["CCLineSIP", "CCLine", "CCCore", "CCJSON", "CLibre", "CCTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "CCLineSDKTests",
      dependencies: ["CCLineSDK", "CCLine", "CCCore", "CCJSON", "CCTestSupport"],
      exclude: ["StandIn"], swiftSettings: strict),
    // The vendor's cloud, for tests: in their process, or as a program.
    .executableTarget(
      name: "FakeVendor", dependencies: ["CCJSON", "COpenSSL", "FlyingFox"],
      path: "Tests/FakeVendor", swiftSettings: strict),
    .testTarget(
      name: "CCCloudTests",
      dependencies: [
        "CCCloud", "CCCloudTool", "CCCore", "CCFeed", "CCJSON", "CLinux", "FakeVendor", "FlyingFox",
        "CCTestSupport",
      ],
      swiftSettings: strict),
  ]
)

// `make test ONLY=CCCoreTests` builds that target and what it stands on, in a folder of its own.
if let only = Context.environment["CCTERM_ONLY"]?.split(separator: " ").map(String.init) {
  var kept: Set<String> = []
  func keep(_ name: String) {
    guard kept.insert(name).inserted else { return }
    for dependency in package.targets.first(where: { $0.name == name })?.dependencies ?? [] {
      switch dependency {
      case .targetItem(let name, _), .byNameItem(let name, _), .productItem(let name, _, _, _):
        keep(name)
      @unknown default: break
      }
    }
  }
  only.forEach(keep)
  // Its tests load it into programs; linked, it would move their own clock.
  if kept.contains("CCLineSIPTests") { keep("MovedClock") }
  package.targets.removeAll { !kept.contains($0.name) }
  package.products.removeAll { product in
    let targets =
      (product as? Product.Executable)?.targets ?? (product as? Product.Library)?.targets
    return targets?.allSatisfy(kept.contains) == false
  }
  let used = ["ArgumentParser": "swift-argument-parser", "FlyingFox": "FlyingFox"]
  let packages = Set(kept.compactMap { used[$0] })
  package.dependencies.removeAll { dependency in
    guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
    return !packages.contains { location.hasSuffix("/\($0)") }
  }
}
