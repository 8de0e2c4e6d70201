import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { membersTotal } from './detect-text.ts'
import { backscatter, pcap, sweep } from './testing/captures.ts'
import { run } from './run.ts'

let directory: string
let capture: string
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hirundo-detect-'))
  capture = join(directory, 'a.pcap')
  await writeFile(capture, pcap([...backscatter(5_000, 120, 1_000), ...sweep(0, 40)]))
})
after(() => rm(directory, { recursive: true, force: true }))

async function detect(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const code = await run({ environment: {}, out: (text) => void (out += text), note: (text) => void (err += text) }, ['detect', ...args])
  return { code, out, err }
}

test('what asks for most of a person’s time stands first, and a severity can be asked for', async () => {
  const all = await detect('--dst', '198.18.0.0/16', capture)
  assert.deepEqual([all.code, all.out.split('\n').slice(1, 3).map((line) => line.split(/ +/).slice(0, 2))], [0, [['rsdos', 'notice'], ['scan', 'record']]], all.err)
  const alarms = await detect('--dst', '198.18.0.0/16', '--severity', 'urgent,warning', '--severity', 'notice', capture)
  assert.deepEqual([/^scan/m.test(alarms.out), /1 found\. 1 of other severities not shown\./.test(alarms.out)], [false, true])
  assert.match((await detect('--dst', '198.18.0.0/16', '--severity', 'urgent', capture)).out, /^Nothing of this severity found\. 2 of other severities not shown\./)
  const json = JSON.parse((await detect('--dst', '198.18.0.0/16', '--severity', 'record', '--format', 'json', capture)).out)
  assert.deepEqual(json.map(({ kind }: { kind: string }) => kind), ['scan'])
})

test('members are counted beyond those that are named', () => {
  const members = Array.from({ length: 100 }, (_, i) => `192.0.2.${i}`)
  assert.equal(membersTotal({ kind: 'campaign', members, figures: { members: 250 } }), 250)
  assert.equal(membersTotal({ kind: 'scan', members, figures: { ports: 1000 } }), 1000)
  assert.equal(membersTotal({ kind: 'campaign', members: members.slice(0, 3), figures: { members: 3 } }), 3)
  assert.equal(membersTotal({ kind: 'new', members, figures: {} }), null, 'not counted: not said')
})

test('wrong usage ends with 2 and says what it is', async () => {
  for (const [args, said] of [
    [['--only', 'foo'], /"foo" is no kind of finding/], [['--only', 'drdos'], /drdos cannot be found in captures/], [['--only', 'rsdos,drdos'], /drdos cannot/], [['--severity', 'high'], /"high" is no severity/],
    [['--dst', '300.1.1.1/24'], /is no network/], [['--dst', '10.0.0.1/8'], /host bits must be zero/], [['--own', 'xyz'], /"xyz" is no network/],
  ] as const) {
    const { code, err } = await detect(...args, capture)
    assert.deepEqual([code, said.test(err)], [2, true], `${args.join(' ')}: ${err}`)
  }
})

test('a file that is none is said in words, and that something counts only when something came', async () => {
  const [empty, text, cut] = [join(directory, 'empty.pcap'), join(directory, 'text.pcap'), join(directory, 'cut.pcap')]
  await writeFile(empty, '')
  await writeFile(text, 'no capture at all\n')
  await writeFile(cut, pcap(sweep(0, 40)).subarray(0, -3))
  for (const [path, said] of [[join(directory, 'none.pcap'), 'no such file'], [empty, 'empty'], [text, 'neither pcap nor pcapng']] as const) {
    const { code, err } = await detect(path)
    assert.deepEqual([code, err.includes(`${path}: `), err.includes(said), /[{}]|what came before/.test(err)], [1, true, true, false], err)
  }
  const half = await detect(cut)
  assert.deepEqual([half.code, /39 packets before it count/.test(half.err), /1 of 1 file could not be read to the end; what came before counts/.test(half.err)], [1, true, true], half.err)
})
