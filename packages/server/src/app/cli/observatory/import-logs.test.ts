import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { after, before, test } from 'node:test'
import { RealNode, testDirectory } from '../../../modules/observatory/testing/real-node.ts'
import { run } from '../run.ts'

const real = new RealNode()
let directory: Awaited<ReturnType<typeof testDirectory>>
before(async () => {
  directory = await testDirectory()
  await real.start(directory.path)
})
after(async () => {
  await real.stop()
  await directory?.remove()
})

const sample = (name: string): string => fileURLToPath(new URL(`../../../../../../conformance/logs/${name}`, import.meta.url))

async function imported(...args: readonly string[]) {
  let out = ''
  let notes = ''
  const code = await run({
    environment: { HIRUNDO_URL: real.node.url, HIRUNDO_TOKEN: real.token },
    note: (text: string) => {
      notes += text
    },
    out: (text: string) => {
      out += text
    },
  }, ['import', ...args])
  return { code, notes, result: JSON.parse(out.trimEnd().split('\n').at(-1)!) as Record<string, unknown> }
}

test('a log of cowrie becomes interactions; a bad line is named, and a second time adds nothing', async () => {
  const args = ['--kind', 'cowrie', '--sensor', 'cowrie-1', sample('cowrie.json')]
  const first = await imported(...args)
  assert.deepEqual([first.code, first.result], [0, {
    files: 1, lines: 13, events: 12, interactions: 2, flows: 0, bad_lines: 1, own_decoy: 0, not_for_us: 0, skipped: 0,
    first: '2026-11-01T10:00:00.100Z', last: '2026-11-01T10:00:01.500Z',
  }])
  assert.match(first.notes, /"line":12/)
  const { appended } = await real.status()
  assert.deepEqual((await imported(...args)).result, first.result)
  assert.equal((await real.status()).appended, appended)
})
