// ccterm-cloud: everything of ccterm that speaks HTTP.

import ArgumentParser

/// The program `ccterm-cloud`.
@main
struct CloudTool: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ccterm-cloud",
    abstract: "Speaks to the vendor's cloud: credentials, and the seats of a floor.")
}
