import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createServer } from 'node:net'
import { OperatorError } from '../operator-error.ts'
import { sendMail, type Mail } from './mail.ts'
import { parseSmtpUrl } from './smtp-url.ts'
import { headersOf, SmtpReceiver, textOf } from './testing/servers.ts'

let smtp: SmtpReceiver
before(async () => {
  smtp = await new SmtpReceiver({
    onRcptTo: ({ address }, _, done) => done(address.startsWith('nobody') ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : address.startsWith('busy') ? Object.assign(new Error('later'), { responseCode: 451 }) : null),
  }).start()
})
after(() => smtp.stop())
beforeEach(() => {
  smtp.mails.length = 0
  smtp.accept = () => undefined
})

const server = (query = '') => parseSmtpUrl(`smtp://127.0.0.1:${smtp.port}${query}`)
const mail: Mail = {
  from: 'warn@node.example', from_name: 'Hirundo', to: 'soc@example.org', subject: '[TLP:AMBER+STRICT] 早期警報 조기 경보', text: 'Größe: 1\n.\n.end\nFrom here\n',
  message_id: 'b7d1@node.example', date: Date.UTC(2026, 10, 20, 3, 4, 5), headers: { 'Auto-Submitted': 'auto-generated' },
}
const bounds = { connect_ms_max: 2000, ms_max: 3000 }
const nothing = async () => undefined

describe('a mail', () => {
  it('arrives as it was written', async () => {
    const outcome = await sendMail(server(), mail, nothing)
    assert.equal(outcome.kind, 'sent')
    const [got] = smtp.mails
    const headers = headersOf(got!.raw)
    assert.deepEqual([got!.from, got!.to], ['warn@node.example', ['soc@example.org']])
    assert.deepEqual(headers.get('subject'), ['[TLP:AMBER+STRICT] 早期警報 조기 경보'])
    assert.deepEqual(headers.get('message-id'), ['<b7d1@node.example>'])
    assert.deepEqual(headers.get('date'), ['Fri, 20 Nov 2026 03:04:05 +0000'])
    assert.deepEqual(headers.get('auto-submitted'), ['auto-generated'])
    assert.equal(textOf(got!.raw).trimEnd(), mail.text.trimEnd())
  })

  it('holds no second header, recipient or command, whatever its parts say', async () => {
    const nasty = 'x\r\nBcc: evil@example.net\r\n\r\n<script>alert(1)</script>\r\n.\r\nMAIL FROM:<a@b.c>'
    await sendMail(server(), { ...mail, subject: nasty, from_name: nasty, text: nasty, headers: { 'List-Id': nasty } }, nothing)
    assert.equal(smtp.mails.length, 1)
    assert.deepEqual(smtp.mails[0]!.to, ['soc@example.org'])
    const headers = headersOf(smtp.mails[0]!.raw)
    assert.equal(headers.has('bcc'), false)
    for (const [name, values] of headers) assert.equal(values.length, 1, name)
    assert.equal(headers.get('content-type')![0]!.startsWith('text/plain'), true)
    assert.ok(textOf(smtp.mails[0]!.raw).includes('\n.\nMAIL FROM'))
  })
})

describe('what is known of a failure', () => {
  it('a refusal of the recipient is for good or for now, and nothing was handed over', async () => {
    let handed = 0
    const hand = async () => void handed++
    const gone = await sendMail(server(), { ...mail, to: 'nobody@example.org' }, hand)
    assert.ok(gone.kind === 'refused' && gone.permanent && /550/.test(gone.detail), JSON.stringify(gone))
    const busy = await sendMail(server(), { ...mail, to: 'busy@example.org' }, hand)
    assert.ok(busy.kind === 'refused' && !busy.permanent && /451/.test(busy.detail), JSON.stringify(busy))
    assert.equal(handed, 0)
  })

  it('a refusal of the message is a refusal', async () => {
    smtp.accept = () => { throw Object.assign(new Error('full'), { responseCode: 452 }) }
    const outcome = await sendMail(server(), mail, nothing)
    assert.ok(outcome.kind === 'refused' && !outcome.permanent, JSON.stringify(outcome))
  })

  it('when it cannot be noted that the message leaves, it does not leave', async () => {
    const outcome = await sendMail(server(), mail, async () => { throw new Error('the database is away') })
    assert.equal(outcome.kind, 'unreachable')
    assert.equal(smtp.mails.length, 0)
  })

  it('a server that goes away after the message is one of which nobody knows', async () => {
    const rude = createServer((socket) => {
      let data = false
      socket.on('error', () => undefined)
      socket.write('220 rude\r\n')
      socket.on('data', (part) => {
        const text = part.toString()
        if (data) return void (text.endsWith('\r\n.\r\n') && socket.destroy())
        data = text.startsWith('DATA')
        socket.write(data ? '354 go on\r\n' : '250 ok\r\n')
      })
    })
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve))
    const { port } = rude.address() as { port: number }
    const outcome = await sendMail(parseSmtpUrl(`smtp://127.0.0.1:${port}`), mail, nothing, bounds)
    rude.close()
    assert.equal(outcome.kind, 'unknown', JSON.stringify(outcome))
  })

  it('nobody there, a server that says nothing, and one without TLS where it must be are unreachable', async () => {
    let handed = 0
    const hand = async () => void handed++
    const silent = createServer((socket) => void socket.on('error', () => undefined))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    assert.equal((await sendMail(parseSmtpUrl(`smtp://127.0.0.1:${port}`), mail, hand, { connect_ms_max: 200, ms_max: 400 })).kind, 'unreachable')
    silent.close()
    assert.equal((await sendMail(parseSmtpUrl('smtp://127.0.0.1:1'), mail, hand, bounds)).kind, 'unreachable')
    const required = await sendMail(server('?starttls=required'), mail, hand, bounds)
    assert.ok(['unreachable', 'refused'].includes(required.kind) && !(required.kind === 'refused' && required.permanent), JSON.stringify(required))
    assert.equal(handed, 0)
    assert.equal(smtp.mails.length, 0)
  })
})

describe('a server with TLS and passwords', () => {
  it('that shows a certificate of nobody gets neither password nor mail', async () => {
    let asked = 0
    const own = await new SmtpReceiver({ disabledCommands: [], authOptional: false, onAuth: (_, __, done) => { asked++; done(null, { user: 'x' }) } }).start()
    const outcome = await sendMail(parseSmtpUrl(`smtp://user:geheim@127.0.0.1:${own.port}?starttls=required`), mail, nothing, bounds)
    assert.ok(outcome.kind === 'unreachable' && !outcome.detail.includes('geheim'), JSON.stringify(outcome))
    assert.deepEqual([own.mails.length, asked], [0, 0])
    await own.stop()
  })

  it('that refuses the password is asked again later, and lets in who has the right one', async () => {
    const own = await new SmtpReceiver({ authOptional: false, allowInsecureAuth: true, onAuth: ({ password }, _, done) => done(password === 'right' ? null : new Error('no'), { user: 'x' }) }).start()
    const url = (password: string) => parseSmtpUrl(`smtp://user:${password}@127.0.0.1:${own.port}?starttls=never`)
    const refused = await sendMail(url('geheim'), mail, nothing, bounds)
    assert.ok(refused.kind === 'refused' && !refused.permanent && !refused.detail.includes('geheim'), JSON.stringify(refused))
    assert.equal((await sendMail(url('right'), mail, nothing, bounds)).kind, 'sent')
    await own.stop()
  })
})

describe('the address of the server', () => {
  it('says host, port, user and what of TLS', () => {
    assert.deepEqual(parseSmtpUrl('smtps://u%40x:p%2Fw@mail.example'), { host: 'mail.example', port: 465, secure: true, starttls: 'required', user: 'u@x', password: 'p/w' })
    assert.deepEqual(parseSmtpUrl('smtp://mail.example'), { host: 'mail.example', port: 587, secure: false, starttls: 'required' })
    assert.deepEqual(parseSmtpUrl('smtp://localhost:25'), { host: 'localhost', port: 25, secure: false, starttls: 'offered' })
    assert.equal(parseSmtpUrl('smtp://mail.example?starttls=never').starttls, 'never')
  })

  it('is refused without its password in the message', () => {
    for (const text of ['mail.example', 'http://u:secret@mail.example', 'smtp://u:secret@mail.example/x', 'smtp://u:secret@mail.example?starttls=no', 'smtp://']) {
      assert.throws(() => parseSmtpUrl(text), (error) => error instanceof OperatorError && !error.message.includes('secret'), text)
    }
  })
})
