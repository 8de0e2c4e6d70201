#!/bin/sh
# Prints nftables rules that lead every TCP port of one interface to one listener of the sensor (IPv4):
#
#   deploy/answer-all-ports.sh --interface eth0 --listen 9000 --except 22,8443 | nft -f -
#   ip route add local 198.18.0.0/16 dev lo
#   hirundo-sensor run … --answer all --answer-redirect-port 9000
#
# A program cannot ask the kernel for the port that was meant, so the rule writes it into the address that the
# session comes to: port 8080 arrives at 198.18.31.144 (31 * 256 + 144). Those addresses (RFC 2544) exist on this machine
# only; packets that bring one from outside are dropped. `nft delete table ip hirundo_answer` takes it all away.
set -eu

interface='' listen='' except=''
while [ $# -gt 0 ]; do
  case "$1" in
    --interface) interface=$2 ;;
    --listen) listen=$2 ;;
    --except) except=$2 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
case "$interface" in '' | *[!A-Za-z0-9@._:-]*) echo '--interface NAME is missing' >&2; exit 2 ;; esac
case "$listen" in '' | *[!0-9]*) echo '--listen PORT is missing' >&2; exit 2 ;; esac
case "$except" in *[!0-9,]*) echo '--except PORT,…' >&2; exit 2 ;; esac

cat <<RULES
table ip hirundo_answer
delete table ip hirundo_answer
table ip hirundo_answer {
  map ports {
    type inet_service : ipv4_addr . inet_service
    elements = {
RULES
awk -v listen="$listen" -v except="$except" 'BEGIN {
  count = split(except, list, ",")
  for (i = 1; i <= count; i++) skip[list[i] + 0] = 1
  for (port = 1; port < 65536; port++) if (!(port in skip)) printf "%d : 198.18.%d.%d . %d,\n", port, int(port / 256), port % 256, listen
}'
cat <<RULES
    }
  }
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    iifname "$interface" fib daddr type local dnat ip to tcp dport map @ports
  }
  # Before addresses are rewritten: what carries one of ours already is a forgery.
  chain forged {
    type filter hook prerouting priority raw; policy accept;
    iifname "$interface" ip daddr 198.18.0.0/16 drop
  }
}
RULES
