// Starts the line program that its arguments name and keeps it until killed; prints its pid.
// Without arguments it is the demo line itself; with `--uptime` it prints what the one clock says.

import CCLine
import CLinux
import Glibc

if CommandLine.arguments.count == 1 { exit(runDemoLine()) }

if CommandLine.arguments[1] == "--uptime" {
  print(cc_uptime())
  exit(0)
}

let line = ChildLine(arguments: Array(CommandLine.arguments.dropFirst()))
_ = line.start(at: 0)
print(line.processIdentifier ?? -1)
fflush(nil)
while line.isRunning { pause() }
