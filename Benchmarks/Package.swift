// swift-tools-version: 6.2
// The benchmarks of ccterm: they know its release build and nothing of its insides.
import PackageDescription

let package = Package(
  name: "ccterm-bench",
  targets: [
    .target(name: "CSpawn"),
    .executableTarget(
      name: "Bench", dependencies: ["CSpawn"], swiftSettings: [.swiftLanguageMode(.v6)]),
  ]
)
