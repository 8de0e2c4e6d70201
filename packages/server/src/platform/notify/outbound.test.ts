import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { AllowedTarget } from './allow-list.ts'
import { checkTarget, post, type OutboundBounds, type OwnEndpoint, type Resolve } from './outbound.ts'
import { HttpReceiver } from './testing/servers.ts'

let receiver: HttpReceiver
let port: number
before(async () => {
  receiver = await new HttpReceiver().start()
  port = receiver.port
})
after(() => receiver.stop())

const body = Buffer.from('{}')
interface Given {
  readonly allowed?: readonly AllowedTarget[]
  readonly own?: readonly OwnEndpoint[]
  readonly resolve?: Resolve
  readonly bounds?: OutboundBounds
}
const loopback = (): AllowedTarget => ({ host: 'hook.example', cidr: '127.0.0.1/32', port, http: true })
const to127: Resolve = async () => ['127.0.0.1']
const tools = ({ allowed = [loopback()], own = [], resolve = to127, bounds }: Given = {}) => ({ allowed: async () => allowed, own, resolve, ...(bounds ? { bounds } : {}) })
const send = (url: string, given?: Given) => post(tools(given), url, { 'content-type': 'application/json' }, body)
const refusal = async (url: string, given?: Given) => {
  const checked = await checkTarget(tools(given), url)
  return checked.ok ? 'open' : String(checked.problem.detail['reason'])
}

describe('what the list opens', () => {
  it('is reached at the address that was checked, under its own name', async () => {
    let asked = 0
    const resolve: Resolve = async () => (asked++ === 0 ? ['127.0.0.1'] : ['169.254.169.254'])
    assert.deepEqual(await send(`http://hook.example:${port}/in?a=1`, { resolve }), { kind: 'answered', status: 204, retry_after_s: undefined })
    const last = receiver.heard.at(-1)!
    assert.deepEqual([last.method, last.url, last.headers.host, last.body, asked], ['POST', '/in?a=1', `hook.example:${port}`, '{}', 1])
  })

  it('is chosen among several addresses of a name', async () => {
    assert.equal(await refusal(`http://hook.example:${port}/`, { resolve: async () => ['169.254.169.254', '10.0.0.1', '127.0.0.1'] }), 'open')
  })
})

describe('what the list does not open', () => {
  it('is not asked for: not listed, another port, a name that leads elsewhere', async () => {
    const before = receiver.heard.length
    assert.equal(await refusal(`http://127.0.0.1:${port}/`), 'not-listed')
    assert.equal(await refusal('http://hook.example/'), 'not-listed')
    assert.equal(await refusal(`https://hook.example:${port}/`), 'not-listed')
    for (const address of ['10.0.0.1', '169.254.169.254', '::1', '::ffff:169.254.169.254', 'fe80::1%lo']) {
      const reason = await refusal(`http://hook.example:${port}/`, { resolve: async () => [address] })
      assert.ok(['outside-network', 'unresolved'].includes(reason), `${address} ${reason}`)
    }
    assert.equal(await refusal(`http://hook.example:${port}/`, { resolve: async () => { throw new Error('no such name') } }), 'unresolved')
    assert.deepEqual(await send(`http://hook.example:${port}/`, { resolve: async () => ['10.0.0.1'] }), { kind: 'refused', reason: 'outside-network' })
    assert.equal(receiver.heard.length, before)
  })

  it('is loopback or metadata by a name, however a wide network lists it', async () => {
    const allowed = [{ host: 'hook.example', cidr: '0.0.0.0/0', port, http: true }, { host: 'hook.example', cidr: '::/0', port, http: true }]
    for (const address of ['127.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', '10.1.1.1', '64:ff9b::a9fe:a9fe']) {
      assert.equal(await refusal(`http://hook.example:${port}/`, { allowed, resolve: async () => [address] }), 'outside-network', address)
    }
  })

  it('is an address written otherwise', async () => {
    const allowed = [{ host: 'hook.example', cidr: '0.0.0.0/0', port, http: true }]
    for (const host of ['2130706433', '0x7f.1', '0177.0.0.1', '127.1', '[::1]', '[::ffff:7f00:1]']) assert.equal(await refusal(`http://${host}:${port}/`, { allowed }), 'not-listed', host)
  })

  it('is a door of our own, by whatever name', async () => {
    const listed = { allowed: [loopback(), { host: '127.0.0.2', cidr: '127.0.0.0/8', port, http: true }] }
    for (const own of [[{ host: '127.0.0.1', port }], [{ host: '0.0.0.0', port }], [{ host: '::', port }], [{ host: 'store.example', port }], [{ host: '[::1]', port }]]) {
      assert.equal(await refusal(`http://hook.example:${port}/`, { ...listed, own }), 'own', own[0]!.host)
      assert.equal(await refusal(`http://127.0.0.2:${port}/`, { ...listed, own }), 'own', own[0]!.host)
    }
    assert.equal(await refusal(`http://hook.example:${port}/`, { own: [{ host: '127.0.0.1', port: port + 1 }] }), 'open')
  })
})

describe('an answer', () => {
  it('that sends elsewhere is not followed', async () => {
    receiver.answer = (_, response) => void response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data/' }).end()
    const before = receiver.heard.length
    assert.deepEqual(await send(`http://hook.example:${port}/`), { kind: 'answered', status: 307, retry_after_s: undefined })
    assert.equal(receiver.heard.length, before + 1)
  })

  it('says when to come again, within bounds', async () => {
    receiver.answer = (_, response) => void response.writeHead(503, { 'retry-after': '999999' }).end()
    assert.deepEqual(await send(`http://hook.example:${port}/`), { kind: 'answered', status: 503, retry_after_s: 3600 })
    receiver.answer = (_, response) => void response.writeHead(503, { 'retry-after': 'Tue, 20 Apr 2021 02:07:55 GMT' }).end()
    assert.deepEqual(await send(`http://hook.example:${port}/`), { kind: 'answered', status: 503, retry_after_s: undefined })
  })

  it('that does not come, or has no end, is given up', async () => {
    const bounds = { ms_max: 300, answer_bytes_max: 100_000 }
    receiver.answer = () => undefined
    assert.deepEqual(await send(`http://hook.example:${port}/`, { bounds }), { kind: 'unreachable', reason: 'too slow' })
    let poured = 0
    const closed = new Promise<void>((resolve) => {
      receiver.answer = (_, response) => {
        response.writeHead(200)
        const pour = setInterval(() => {
          poured += 262_144
          response.write(Buffer.alloc(262_144))
        }, 1)
        response.once('close', () => {
          clearInterval(pour)
          resolve()
        })
      }
    })
    assert.equal((await send(`http://hook.example:${port}/`, { bounds: { ms_max: 10_000, answer_bytes_max: 100_000 } })).kind, 'answered')
    await closed
    assert.ok(poured < 32 * 1024 * 1024, `${poured} bytes were taken`)
    assert.deepEqual(await send(`http://hook.example:${port}/`, { bounds, resolve: () => new Promise(() => undefined) }), { kind: 'unreachable', reason: 'too slow' })
  })

  it('of nobody, or of what speaks no TLS, is told without address or path', async () => {
    const free = await new HttpReceiver().start()
    const gone = free.port
    await free.stop()
    const outcome = await send(`http://hook.example:${gone}/`, { allowed: [{ ...loopback(), port: gone }] })
    assert.deepEqual(outcome, { kind: 'unreachable', reason: 'ECONNREFUSED' })
    const tls = await send(`https://hook.example:${port}/`, { allowed: [{ host: 'hook.example', cidr: '127.0.0.1/32', port }] })
    assert.ok(tls.kind === 'unreachable' && !/127\.|hook/.test(tls.reason), JSON.stringify(tls))
  })
})
