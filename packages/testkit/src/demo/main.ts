import { constants } from 'node:fs'
import { access, chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { formatSeconds, realWorld } from '@hirundo/base'
import { signOut } from '@hirundo/contract'
import { makeAdministrator } from '../constellation/administrator.ts'
import type { Span } from '../constellation/balance.ts'
import { answerOf } from '../constellation/node-process.ts'
import { WORM_PORT } from '../traffic/ports.ts'
import { demoHelp, readArguments, type DemoArguments } from './arguments.ts'
import { Demo, type Balance, type DemoIo } from './demo.ts'

const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** Whom the demo signs in as: an administrator like any other, made by the link that the node printed. */
async function guest({ url, setup }: Demo['node']): Promise<string> {
  if (setup === undefined) return '  Sign-in   as before: this directory has its administrator already'
  const password = Buffer.from(realWorld.random(15)).toString('base64url').toLowerCase().replaceAll(/[^a-z0-9]/g, '7').replace(/(.{5})(?=.)/g, '$1-')
  const { sign_in_name, recovery_codes, client } = await makeAdministrator(url, new URL(setup).hash.slice(1), {
    name: 'Demo administrator', sign_in_name: 'demo@hirundo.example', password, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  })
  // The reader's own sessions are all that stands on their account.
  answerOf(await client.call(signOut, {}))
  const codes = recovery_codes.map((code, i) => (i % 4 === 3 ? `${code}\n            ` : `${code}  `)).join('').trimEnd()
  return `  Sign-in   ${sign_in_name}\n  Password  ${password}\n  Code      any of these, each once:\n            ${codes}`
}

function invitation(demo: Demo, args: DemoArguments, span: Span | undefined, sign_in: string): string {
  const { url, token } = demo.node
  const range = span === undefined ? '' : ` --from ${formatSeconds(span.from_s)} --to ${formatSeconds(span.to_s)}`
  const what = args.pcap.length > 0
    ? 'A real capture through one sensor. Economies and networks are locations of addresses, not of actors.'
    : 'SIMULATED: sources are addresses of 240.0.0.0/4 in fictional economies XA to XH; nobody real sends this.'
  return `
  ${what}

  Address   ${url.replace('127.0.0.1', 'localhost')}
${sign_in}

  Or ask in another terminal, in this directory:
    export HIRUNDO_URL=${url} HIRUNDO_TOKEN=${token}
    npx hirundo top ports${range}
    npx hirundo top economies${range}
    npx hirundo series port ${args.pcap.length > 0 ? 'tcp/23' : `tcp/${WORM_PORT}`} --step 3600${range}${args.pcap.length > 0 ? '' : '     # a simulated worm grows there'}${args.pcap.length > 0 ? '' : '\n    npx hirundo interactions top credentials      # three of the sensors answer who comes\n    npx hirundo drdos'}

  Ctrl-C ends node, stores and sensors.
`
}

interface Played {
  readonly balance: Balance
  /** Whether every capture was read to its end. */
  readonly complete: boolean
}

/** Plays, and when nobody watches gives what went in and came out; everything is stopped when it returns. */
async function perform(args: DemoArguments, directory: string, io: DemoIo): Promise<Played | undefined> {
  for (const file of args.pcap) {
    await access(file, constants.R_OK).catch(() => {
      throw new Error(`${file} cannot be read: --pcap takes capture files that exist`)
    })
  }
  const demo = await Demo.start(args, directory, io)
  try {
    if (args.pcap.length === 0) await demo.backfill()
    if (io.interrupted.aborted) return undefined
    const span = args.pcap.length > 0 ? await demo.play() : undefined
    if (!args.headless) process.stdout.write(invitation(demo, args, span, await guest(demo.node)))
    if (span === undefined) await demo.live()
    else if (!args.headless) await new Promise<void>((done) => io.interrupted.addEventListener('abort', () => done(), { once: true }))
    return args.headless ? { balance: await demo.balance(), complete: demo.complete } : undefined
  } finally {
    io.say('stopping …')
    await demo.stop()
  }
}

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2))
  if (args === 'help') {
    process.stdout.write(demoHelp)
    return 0
  }
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort())
  const directory = args.data === undefined ? await mkdtemp(join(tmpdir(), 'hirundo-demo-')) : resolve(args.data)
  await mkdir(directory, { recursive: true })
  // As root the database runs under another account, which must reach its directory.
  if (args.data === undefined) await chmod(directory, 0o711)
  try {
    const played = await perform(args, directory, { say, interrupted: interrupt.signal })
    if (played === undefined) return 0
    const { balance, complete } = played
    // After everything else has spoken: it is the last line, also where both streams go to one place.
    process.stdout.write(`${JSON.stringify(balance)}\n`)
    return complete && balance.sent === balance.stored && balance.sent === balance.queryable ? 0 : 1
  } finally {
    if (args.data === undefined) await rm(directory, { recursive: true, force: true, maxRetries: 3 })
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
