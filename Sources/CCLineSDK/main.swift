// ccterm-line-sdk: the vendor's SDK in a real browser, spoken to in the line protocol on stdin and stdout.

import CCLine
import Glibc

switch CommandLine.arguments.dropFirst().first {
// What a desk's guardian asks, once the line is dead.
case "--end-orphans": exit(ProfileFolder.endOrphans())
// What `ccterm config check` asks.
case "--check": exit(SettingsCheck.run(Settings.faults))
default: exit(LineProgram().run())
}
