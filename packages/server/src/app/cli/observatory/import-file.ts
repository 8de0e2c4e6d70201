import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { formatCidr, INSTANT_END_S, isUuid, uuidFromBytes, type Cidr, type Uuid } from '@hirundo/base'
import { attachSignature, encodeBatch, signedBytes, type ObserverCounters } from '@hirundo/formats'
import { Intake, sensorBounds, streamSource, type Log } from '@hirundo/sensor'

/** A key for one import: what it signs is known by the epoch, which comes from the content. */
export function ephemeralKey(): { public_key: string; sign(bytes: Uint8Array): Uint8Array } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(12)
  return { public_key: raw.toString('base64'), sign: (bytes) => sign(null, bytes, privateKey) }
}

/** SHA-256 of a file's bytes, of the networks and the sensor's name: the same import is the same epoch. */
export async function importDigest(path: string, destinations: readonly Cidr[], name: string): Promise<Buffer> {
  const hash = createHash('sha256').update('hirundo-import-v1\n').update(`${name}\n${destinations.map(formatCidr).toSorted().join(',')}\n`)
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest()
}

export function epochOf(digest: Uint8Array): Uuid {
  const bytes = Uint8Array.from(digest.subarray(0, 16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const uuid = uuidFromBytes(bytes)
  if (!isUuid(uuid)) throw new Error('a digest makes a UUID')
  return uuid
}

/** Bytes that look random and are the same for the same file: samples of a second import are those of the first. */
function seeded(digest: Uint8Array): (bytes: number) => Uint8Array {
  let block = 0
  return (bytes) => {
    const out = Buffer.alloc(bytes)
    for (let at = 0; at < bytes; at += 32) createHash('sha256').update(digest).update(String(block++)).digest().copy(out, at)
    return new Uint8Array(out)
  }
}

export interface ImportedFile {
  readonly counters: ObserverCounters
  /** False: the file could not be read to its end; what was read before counts. */
  readonly whole: boolean
}

export interface FileImport {
  readonly path: string
  readonly sensor: Uuid
  readonly destinations: readonly Cidr[]
  readonly digest: Uint8Array
  readonly sign: (bytes: Uint8Array) => Uint8Array
  readonly log: Log
  /** Takes the next batches, in order; resolves when the node has acknowledged them. */
  readonly send: (batches: readonly Uint8Array[], last: bigint) => Promise<void>
}

/** Files are not read on a Raspberry Pi: a minute and what is late of the one before stay whole up to here, about 150 MB. */
const importBounds = { ...sensorBounds, flows_max: 2 ** 20 }
const POST_BYTES = sensorBounds.post_bytes_max

/** Reads a capture as a sensor would and gives its batches on, numbered from 1. */
export async function importFile(job: FileImport): Promise<ImportedFile> {
  const epoch = epochOf(job.digest)
  let waiting: Uint8Array[] = []
  let waiting_bytes = 0
  let number = 0n
  const intake = new Intake({
    source: streamSource(false, []), destinations: job.destinations, bounds: importBounds, log: job.log, resume_s: 0,
    // No clock: what comes out depends on the file alone, and its minutes close by its own times.
    world: { now: () => INSTANT_END_S * 1000, random: seeded(job.digest) }, monotonic_ms: () => 0,
    out: (kind, rows, body) => {
      number++
      const unsigned = encodeBatch({ kind, sensor: job.sensor, epoch, first: number, last: number, rows, created_ms: 0 }, body, { compress: true })
      waiting.push(attachSignature(unsigned, job.sign(signedBytes(unsigned))))
      waiting_bytes += waiting.at(-1)!.length
    },
  })
  const drain = async () => {
    if (waiting.length === 0) return
    const batches = waiting
    waiting = []
    waiting_bytes = 0
    await job.send(batches, number)
  }
  const whole = await intake.readFile(job.path, async () => {
    if (waiting_bytes >= POST_BYTES) await drain()
  })
  intake.finish()
  await drain()
  return { counters: intake.counters, whole }
}
