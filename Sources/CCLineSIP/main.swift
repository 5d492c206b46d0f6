// ccterm-line-sip: a phone line on SIP, spoken to in the line protocol on stdin and stdout.

import CCLine
import Glibc

Sandbox.enter()
if CommandLine.arguments.count > 1 { Sandbox.renouncePrivileges() }
// What `doctor` and the line itself ask: which sound this machine has.
if CommandLine.arguments.dropFirst().first == "--sound" {
  exit(SoundProbe.run(Array(CommandLine.arguments.dropFirst(2))))
}
// What a desk's guardian asks, once the line is dead.
if CommandLine.arguments.dropFirst().first == "--end-orphans" { exit(Successor.run()) }
// What `doctor` asks: whether calls are written down while they live.
if CommandLine.arguments.dropFirst().first == "--calls" { exit(CallFolder.check()) }
if CommandLine.arguments.dropFirst().first == "--check" { exit(SettingsCheck.run(Settings.faults)) }
// A line keeps them until its settings have said whether `seat.command` may need them.
exit(LineProgram().run())
