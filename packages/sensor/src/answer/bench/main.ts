// node packages/sensor/src/answer/bench/main.ts: what one core answers. A line for each figure and, last, a JSON object.
import { hold, knock, shout } from './load.ts'
import { startBenchSensor } from './sensor-process.ts'

const OFFSET = 21_000
const SECONDS = 10
/** More is offered than must be taken: what makes the load pauses too. */
const OFFER = 1.25
const goals = { concurrent: 10_000, per_second: 5_000, requests_per_second: 20_000, rss_mib_max: 250 } as const
const TELNET = { tcp: { 23: 'telnet', 80: 'http' }, udp: { 123: 'ntp' } }
const MONLIST = Buffer.from('1700032a00000000', 'hex')

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const met = (holds: boolean): string => (holds ? 'met' : 'NOT MET')

async function concurrent(): Promise<object> {
  const sensor = await startBenchSensor(TELNET, OFFSET)
  const open = await hold(OFFSET + 23, 'root\r\n', goals.concurrent, 2_000)
  const { usage } = await sensor.end()
  say(`${open} sessions at once, peak ${usage.rss_peak_mib} MiB: ${met(open >= goals.concurrent && usage.rss_peak_mib <= goals.rss_mib_max)}`)
  return { open, ...usage }
}

async function newSessions(): Promise<object> {
  const sensor = await startBenchSensor(TELNET, OFFSET)
  const { opened, answered, elapsed_s } = await knock(OFFSET + 23, 'root\r\nxc3511\r\n', OFFER * goals.per_second, SECONDS)
  const { usage, answer } = await sensor.end()
  const per_second = Math.round(answered / elapsed_s)
  say(`${per_second} new sessions/s of ${Math.round(opened / elapsed_s)} offered, ${usage.cpu_s} s of one core for ${Math.round(elapsed_s)} s, peak ${usage.rss_peak_mib} MiB: ` +
    met(per_second >= goals.per_second && usage.rss_peak_mib <= goals.rss_mib_max))
  return { opened, answered, per_second, recorded: answer['interactions'], shed: answer['interactions_shed'], ...usage }
}

async function datagrams(): Promise<object> {
  const sensor = await startBenchSensor(TELNET, OFFSET)
  const { sent, elapsed_s } = await shout(OFFSET + 123, MONLIST, OFFER * goals.requests_per_second, SECONDS)
  const { usage, answer } = await sensor.end()
  const per_second = Math.round(answer['udp_requests']! / elapsed_s)
  say(`${per_second} UDP requests/s taken of ${Math.round(sent / elapsed_s)} sent, ${usage.cpu_s} s of one core, peak ${usage.rss_peak_mib} MiB: ` +
    met(per_second >= goals.requests_per_second && usage.rss_peak_mib <= goals.rss_mib_max))
  return { sent, per_second, bytes_in: answer['udp_bytes_in'], bytes_out: answer['udp_bytes_out'], ...usage }
}

say(JSON.stringify({ concurrent: await concurrent(), new_sessions: await newSessions(), datagrams: await datagrams() }))
