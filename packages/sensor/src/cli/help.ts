export const help = `Usage: hirundo-sensor COMMAND [options]

  run          watch and send
  enrol        make this sensor's key and ask a node to take it
  flows        print the flow tuples of capture files
  status       how the sensor of a state directory is
  fingerprint  this sensor's fingerprint, to compare with the node's operator

run --state DIR (--interface IF | --read FILE,... | --follow FILE|DIR|'GLOB' | --answer PROFILE|FILE)
  --dst CIDR,...        count only packets to these networks; without it all packets count
  --node URL            another address of the node than at enrolment
  --ca FILE             certificates (PEM) to trust instead of the system's
  --drain-seconds N     how long --read waits for the node at the end (default 30)
  --config FILE         settings as JSON; any is also an environment variable HIRUNDO_SENSOR_NAME
  --set NAME=VALUE      a bound, e.g. spool_bytes_max=1073741824; all: packages/sensor/README.md
  --tcpdump PROGRAM     instead of tcpdump in PATH
  --json                messages as JSON lines
  --answer PROFILE|FILE answer at the ports of a profile, with --interface or alone: default, web, iot, ics, amplifier,
                        all, or a JSON file. Read docs/answering-sensors.md first
  --answer-udp-permission 'NAME, YYYY-MM-DD'
                        who permitted answers over UDP, and when; without it UDP is recorded and never answered
  --answer-address IP   where to listen (default ::, or 0.0.0.0 without IPv6)
  --answer-port-offset N     listen at port + N, for a redirect by the firewall; 5000 fits every profile
  --answer-redirect-port P   one listener for all TCP ports; see deploy/answer-all-ports.sh
enrol --state DIR --node URL --token TOKEN --name NAME [--dst CIDR,...] [--simulated] [--ca FILE]
status --state DIR [--format text|json]
fingerprint --state DIR
flows --help

--read FILE may be - for standard input. Its last line on standard output is a JSON object with the sums.
Exit: 0 done, and after --read everything is acknowledged; 1 not everything was read or acknowledged; 2 the command
line or a setting is not valid, or capturing is not possible; 3 the node has revoked this sensor.
`
