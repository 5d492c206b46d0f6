// Starts the line program that its arguments name and keeps it until killed; prints its pid.
// Without arguments it is the demo line itself.

import CCLine
import Glibc

if CommandLine.arguments.count == 1 { exit(runDemoLine()) }

let line = ChildLine(arguments: Array(CommandLine.arguments.dropFirst()))
_ = line.start(at: 0)
print(line.processIdentifier ?? -1)
fflush(nil)
while line.isRunning { pause() }
