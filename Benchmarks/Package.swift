// swift-tools-version: 6.2
// The benchmarks of ccterm: they know its release build and nothing of its insides.
import PackageDescription

let package = Package(
  name: "ccterm-bench",
  products: [.executable(name: "ccterm-bench", targets: ["ccterm-bench"])],
  targets: [
    .target(name: "CSpawn"),
    .executableTarget(
      name: "ccterm-bench", dependencies: ["CSpawn"], path: "Sources/Bench",
      swiftSettings: [.swiftLanguageMode(.v6)]),
  ]
)
