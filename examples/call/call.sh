#!/usr/bin/env bash
# A real SIP call between two parts on this machine: kamailio as registrar, sipp as the far end, and
# the desk on its SIP line. Nothing outside 127.0.0.1 is reached, and nothing is left behind.
#
#   examples/call/call.sh FOLDER_OF_CCTERM [option of `ccterm desk` ...]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
bin=${1:?usage: call.sh FOLDER_OF_CCTERM [option ...]}
shift
for program in "$bin/ccterm" "$bin/ccterm-line-sip"; do
  [ -x "$program" ] || { echo "call: $program is missing: make call builds it" >&2; exit 1; }
done
for program in kamailio sipp; do
  command -v "$program" > /dev/null ||
    { echo "call: $program is missing: apt-get install kamailio sip-tester" >&2; exit 1; }
done

work=$(mktemp -d)
kamailio_pid= sipp_pid=
finish() {
  for pid in $kamailio_pid $sipp_pid; do kill "$pid" 2> /dev/null || true; done
  for pid in $kamailio_pid $sipp_pid; do wait "$pid" 2> /dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A port below the kernel's own range that nobody is bound to.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 6000 * 2))
    grep -qi ":$(printf %04X "$port") " /proc/net/udp /proc/net/tcp || break
  done
  echo "$port"
}

port=$(free_port)
peer=$(free_port)
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
modules=$(ls -d /usr/lib/*/kamailio/modules | head -n 1)

umask 077
sed -e "s|@PORT@|$port|; s|@PEER@|$peer|; s|@PASSWORD@|$password|; s|@MODULES@|$modules|" \
  "$here/kamailio.cfg.in" > "$work/kamailio.cfg"
mkdir -p "$work/config/ccterm" "$work/state"
cat > "$work/config/ccterm/config.yaml" << END
line: sip
sip:
  registrar: "127.0.0.1:$port"
  account: "1001@cc.test"
  password: "$password"
  transport: tcp
  infoHeader: X-CC-Info
END

kamailio -f "$work/kamailio.cfg" -DD -E -Y "$work" -m 64 -M 4 > "$work/kamailio.out" 2>&1 &
kamailio_pid=$!
(cd "$work" && exec sipp -sf "$here/uas.xml" -i 127.0.0.1 -p "$peer" -mp "$(free_port)" -t u1 \
  -nostdin -rtp_echo -trace_msg -message_file "$work/messages" > "$work/sipp.out" 2>&1) &
sipp_pid=$!

listens() { grep -qi ":$(printf %04X "$2") " "/proc/net/$1"; }
for _ in $(seq 100); do
  if listens tcp "$port" && listens udp "$peer"; then break; fi
  kill -0 "$kamailio_pid" 2> /dev/null || { cat "$work/kamailio.out" >&2; exit 1; }
  kill -0 "$sipp_pid" 2> /dev/null || { cat "$work/sipp.out" >&2; exit 1; }
  sleep 0.05
done

cat << END
Dial  100  rings for two seconds and is answered; it sends your sound back
      486  is busy          603  declines          anything else is not found
What the far end saw: $work/messages
END
if [ -t 0 ] && [ -t 1 ]; then read -r -p "Press Enter to open the desk. " _; fi

XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state "$bin/ccterm" desk --line sip "$@"
