import { lookup } from 'node:dns/promises'
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { fail, formatAddress, ok, type AddressBytes, type Result } from '@hirundo/base'
import { addressOf, entriesFor, isLoopback, opensAddress, parseTarget, type AllowedTarget, type OutboundTarget } from './allow-list.ts'

/** A door of our own (a store, the node itself) that no request may knock at. */
export interface OwnEndpoint {
  /** Name or address; `0.0.0.0` and `::` stand for every address of the machine. */
  readonly host: string
  readonly port: number
}

export interface OutboundBounds {
  /** From the look-up of the name to the end of the answer. */
  readonly ms_max: number
  readonly answer_bytes_max: number
}
export const outboundBounds: OutboundBounds = { ms_max: 15_000, answer_bytes_max: 1024 * 1024 }

export type Resolve = (host: string) => Promise<readonly string[]>
const systemResolve: Resolve = async (host) => (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)

export interface OutboundTools {
  allowed(): Promise<readonly AllowedTarget[]>
  readonly own: readonly OwnEndpoint[]
  readonly resolve?: Resolve
  readonly bounds?: OutboundBounds
}

/** Target and the address that was checked: the only one that is connected to. */
export interface CheckedTarget extends OutboundTarget {
  readonly address: string
}

async function addressesOf(host: string, resolve: Resolve): Promise<AddressBytes[]> {
  const texts = isIP(host) === 0 ? await resolve(host) : [host]
  return texts.flatMap((text) => addressOf(text) ?? [])
}

const anywhere = ['0.0.0.0', '::', '*']
const ofMachine = (): AddressBytes[] => Object.values(networkInterfaces()).flatMap((all) => all ?? []).flatMap(({ address }) => addressOf(address) ?? [])

/** Addresses at which our own doors on `port` are; a door whose name does not resolve now is at none. */
async function ownAddresses(own: readonly OwnEndpoint[], port: number, resolve: Resolve): Promise<readonly AddressBytes[]> {
  const found = await Promise.all(own.filter((one) => one.port === port).map(async ({ host }) =>
    anywhere.includes(host) ? [...ofMachine(), ...['127.0.0.1', '::1'].flatMap((text) => addressOf(text) ?? [])]
      : addressesOf(host.replace(/^\[|\]$/g, ''), resolve).catch(() => [])))
  return found.flat()
}

const same = (a: AddressBytes, b: AddressBytes): boolean => formatAddress(a) === formatAddress(b) || (isLoopback(a) && isLoopback(b))

/**
 * Says whether a request to `text` may leave now, and to which address: the host stands on the operator's list, its name is
 * looked up once, and the first of its addresses that an entry opens is the one to connect to. Problems:
 * `subscription/target-refused` with `reason` `url`, `not-listed`, `unresolved`, `outside-network` or `own`.
 */
export async function checkTarget(tools: OutboundTools, text: string): Promise<Result<CheckedTarget>> {
  const refused = (reason: string) => fail('subscription/target-refused', { reason })
  const target = parseTarget(text)
  if (!target.ok) return target
  const entries = entriesFor(target.value, await tools.allowed())
  if (entries.length === 0) return refused('not-listed')
  const resolve = tools.resolve ?? systemResolve
  const addresses = await addressesOf(target.value.host, resolve).catch(() => [])
  if (addresses.length === 0) return refused('unresolved')
  const open = addresses.filter((address) => opensAddress(entries, address))
  if (open.length === 0) return refused('outside-network')
  const own = await ownAddresses(tools.own, target.value.port, resolve)
  const free = open.find((address) => !own.some((one) => same(one, address)))
  return free ? ok({ ...target.value, address: formatAddress(free) }) : refused('own')
}

export type OutboundOutcome =
  | { readonly kind: 'answered', readonly status: number, readonly retry_after_s: number | undefined }
  /** It never left: the list does not open it. `reason` as `checkTarget` says. */
  | { readonly kind: 'refused', readonly reason: string }
  /** Whether it arrived is not known. */
  | { readonly kind: 'unreachable', readonly reason: string }

/** Reads what the answer says up to the bound, and forgets it: only the status counts. */
function drain(answer: IncomingMessage, bytes_max: number): void {
  let bytes = 0
  answer.on('data', (part: Buffer) => {
    bytes += part.length
    if (bytes > bytes_max) answer.destroy()
  })
  answer.on('error', () => undefined)
}

const retry_after_s_max = 3600

function retryAfter(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Math.min(Number(text), retry_after_s_max) : undefined
}

function send({ url, host, port, secure, address }: CheckedTarget, headers: Readonly<Record<string, string>>, body: Uint8Array, bounds: OutboundBounds, signal: AbortSignal): Promise<OutboundOutcome> {
  const options: RequestOptions & { servername?: string } = {
    // The address and not the name: nobody looks it up a second time.
    host: address, port, method: 'POST', path: `${url.pathname}${url.search}`, agent: false, signal, maxHeaderSize: 16_384,
    headers: { ...headers, host: url.host, 'content-length': body.length, connection: 'close', 'user-agent': 'hirundo' },
    ...(secure && isIP(host) === 0 ? { servername: host } : {}),
  }
  return new Promise((resolve, reject) => {
    const request = (secure ? requestHttps : requestHttp)(options, (answer) => {
      drain(answer, bounds.answer_bytes_max)
      resolve({ kind: 'answered', status: answer.statusCode ?? 0, retry_after_s: retryAfter(answer.headers['retry-after']) })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** What is said of a failure: names neither an address nor a path of this machine. */
const reasonOf = (error: unknown): string => {
  const { code, name } = error as { code?: unknown, name?: unknown }
  return String(name === 'TimeoutError' || name === 'AbortError' ? 'too slow' : code ?? 'failed').slice(0, 60)
}

/**
 * POSTs `body` to `text` if that may be; follows no redirect, keeps no connection, believes no proxy setting. An answer counts
 * by its status alone.
 */
export async function post(tools: OutboundTools, text: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<OutboundOutcome> {
  const bounds = tools.bounds ?? outboundBounds
  const signal = AbortSignal.timeout(bounds.ms_max)
  const late = new Promise<OutboundOutcome>((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'unreachable', reason: 'too slow' }), { once: true }))
  const work = async (): Promise<OutboundOutcome> => {
    const target = await checkTarget(tools, text)
    if (!target.ok) {
      const reason = String(target.problem.detail['reason'])
      return reason === 'unresolved' ? { kind: 'unreachable', reason } : { kind: 'refused', reason }
    }
    return send(target.value, headers, body, bounds, signal)
  }
  return Promise.race([late, work().catch((error: unknown): OutboundOutcome => ({ kind: 'unreachable', reason: reasonOf(error) }))])
}
