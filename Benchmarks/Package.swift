// swift-tools-version: 6.2
// The benchmarks of ccterm: they know its release build and nothing of its insides.
import PackageDescription

let package = Package(
  name: "ccterm-bench",
  products: [
    .executable(name: "ccterm-bench", targets: ["ccterm-bench"]),
    .executable(name: "ccterm-bench-timer", targets: ["ccterm-bench-timer"]),
  ],
  targets: [
    .target(name: "CSpawn"),
    // The peer that the SIP line's beat is held against.
    .executableTarget(
      name: "ccterm-bench-timer", path: "Sources/LibreTimer",
      linkerSettings: [.linkedLibrary("re")]),
    .executableTarget(
      name: "ccterm-bench", dependencies: ["CSpawn"], path: "Sources/Bench",
      swiftSettings: [.swiftLanguageMode(.v6)]),
  ]
)
