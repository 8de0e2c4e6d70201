import { fail, ok, parseCidr, type Cidr, type Problem, type Result } from '@hirundo/base'
import { batchBounds } from '@hirundo/formats'
import { readFileSync } from 'node:fs'
import { answerSettings, answerNames, type AnswerChoice } from '../answer/settings.ts'
import { sensorBounds, type SensorBounds } from '../bounds.ts'

const DESTINATIONS_MAX = 10_000
const CONFIG_BYTES_MAX = 1024 * 1024

/** Everything `run` can be told, from arguments, environment and file, in this order of strength. */
export interface RunSettings {
  readonly state: string
  readonly node?: string
  readonly interface?: string
  readonly read?: readonly string[]
  readonly follow?: string
  readonly tcpdump?: string
  readonly ca?: string
  readonly destinations: readonly Cidr[]
  readonly json: boolean
  readonly drain_seconds: number
  readonly answer?: AnswerChoice
  readonly bounds: Partial<SensorBounds>
}

type Raw = Readonly<Record<string, string>>

const names = ['state', 'node', 'interface', 'read', 'follow', 'tcpdump', 'ca', 'dst', 'json', 'drain_seconds', ...answerNames] as const
const boundNames = Object.keys(sensorBounds) as (keyof SensorBounds)[]

/** Bounds that may not be chosen freely: the node refuses more, or the agent cannot work with less. */
const limits: Partial<Record<keyof SensorBounds, readonly [number, number]>> = {
  flows_max: [1_000, 16_000_000],
  batch_rows_max: [1, batchBounds.batch_rows_max],
  post_bytes_max: [1, batchBounds.post_bytes_max / 2],
  spool_bytes_max: [16 * 1024 * 1024, Number.MAX_SAFE_INTEGER],
  heartbeat_ms: [1_000, 3_600_000],
}

const isKnown = (name: string): boolean => [...names, ...boundNames].includes(name as never)

const invalid = (what: string, why: string): { ok: false; problem: Problem } => fail('setting/invalid', { what, why })

/** Settings of `run`; `given` are the command line's. Problem: `setting/invalid` with `what` and `why`. */
export function runSettings(given: Raw, environment: Readonly<Record<string, string | undefined>>): Result<RunSettings> {
  const unknown = Object.keys(given).find((name) => name !== 'config' && !isKnown(name))
  if (unknown !== undefined) return invalid(unknown.slice(0, 64), 'there is no such setting')
  const config = given['config'] ?? environment['HIRUNDO_SENSOR_CONFIG']
  const file = config === undefined ? ok<Raw>({}) : readConfig(config)
  if (!file.ok) return file
  const fromEnvironment: Record<string, string> = {}
  for (const name of [...names, ...boundNames]) {
    const value = environment[`HIRUNDO_SENSOR_${name.toUpperCase()}`]
    if (value !== undefined && value !== '') fromEnvironment[name] = value
  }
  return check({ ...file.value, ...fromEnvironment, ...given })
}

function readConfig(path: string): Result<Raw> {
  let value: unknown
  try {
    const text = readFileSync(path, 'utf8')
    if (text.length > CONFIG_BYTES_MAX) return invalid('config', `${path} is larger than ${CONFIG_BYTES_MAX} bytes`)
    value = JSON.parse(text)
  } catch (error) {
    return invalid('config', `${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return invalid('config', `${path} is no JSON object`)
  const raw: Record<string, string> = {}
  for (const [name, one] of Object.entries(value)) {
    if (!isKnown(name)) return invalid(name, `unknown setting in ${path}`)
    if (Array.isArray(one)) raw[name] = one.map(String).join(',')
    else if (['string', 'number', 'boolean'].includes(typeof one)) raw[name] = String(one)
    else return invalid(name, 'must be a text, a number, true, false or a list')
  }
  return ok(raw)
}

function check(raw: Raw): Result<RunSettings> {
  const sources = (['interface', 'read', 'follow'] as const).filter((name) => raw[name] !== undefined)
  const answer = answerSettings(raw)
  if (!answer.ok) return answer
  const wanted = answer.value ? 'with --answer give --interface or nothing' : 'give exactly one of --interface, --read, --follow'
  const is_good = answer.value ? sources.length === 0 || (sources.length === 1 && sources[0] === 'interface') : sources.length === 1
  if (!is_good) return invalid('source', wanted)
  if (raw['interface'] !== undefined && !/^[A-Za-z0-9][A-Za-z0-9@._:-]{0,31}$/.test(raw['interface'])) return invalid('interface', 'no name of an interface')
  if (raw['node'] !== undefined && !isHttp(raw['node'])) return invalid('node', 'must be a URL of http or https')
  const destinations = parseNetworks(raw['dst'])
  if (!destinations.ok) return destinations
  const drain_seconds = Number(raw['drain_seconds'] ?? '30')
  if (!(drain_seconds >= 0 && drain_seconds <= 86_400)) return invalid('drain_seconds', 'must be 0 to 86400')
  const bounds = checkBounds(raw)
  if (!bounds.ok) return bounds
  return ok({
    state: raw['state'] ?? '/var/lib/hirundo-sensor',
    ...pick(raw, 'node'), ...pick(raw, 'interface'), ...pick(raw, 'follow'), ...pick(raw, 'tcpdump'), ...pick(raw, 'ca'),
    ...(raw['read'] === undefined ? {} : { read: raw['read'].split(',') }),
    destinations: destinations.value, json: raw['json'] === 'true', drain_seconds, bounds: bounds.value,
    ...(answer.value ? { answer: answer.value } : {}),
  })
}

const pick = <Name extends string>(raw: Raw, name: Name): Partial<Record<Name, string>> =>
  raw[name] === undefined ? {} : ({ [name]: raw[name] } as Record<Name, string>)

const isHttp = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

/** Networks of a comma-separated list; empty when there is none. Problem: `setting/invalid`. */
export function parseNetworks(text: string | undefined): Result<Cidr[]> {
  const networks: Cidr[] = []
  for (const part of (text ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '')) {
    const cidr = parseCidr(part)
    // The text itself is not repeated: it is the sensor's address.
    if (!cidr.ok) return invalid('dst', `entry ${networks.length + 1} is no network (192.0.2.0/24, 2001:db8::/32) or has host bits set`)
    networks.push(cidr.value)
  }
  return networks.length > DESTINATIONS_MAX ? invalid('dst', `more than ${DESTINATIONS_MAX} networks`) : ok(networks)
}

function checkBounds(raw: Raw): Result<Partial<SensorBounds>> {
  const bounds: Partial<Record<keyof SensorBounds, number>> = {}
  for (const name of boundNames) {
    const text = raw[name]
    if (text === undefined) continue
    const [low, high] = limits[name] ?? [1, Number.MAX_SAFE_INTEGER]
    const value = Number(text)
    if (!Number.isSafeInteger(value) || value < low || value > high) return invalid(name, `must be a whole number, ${low} to ${high}`)
    bounds[name] = value
  }
  return ok(bounds)
}
