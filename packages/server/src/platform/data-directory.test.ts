import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { createPublicKey, verify } from 'node:crypto'
import { openNodeKey } from './crypto/node-key.ts'
import { lockDataDirectory, MARKER, prepareDataDirectory, tryLock } from './data-directory.ts'
import { OperatorError } from './operator-error.ts'
import { removeDirectory, temporaryDirectory } from './testing/postgres.ts'

let directory = ''
beforeEach(async () => {
  directory = await temporaryDirectory()
})
afterEach(() => removeDirectory(directory))

test('a new directory is ours alone; a used one that is not a node’s is left as it is', async () => {
  const fresh = join(directory, 'fresh')
  await prepareDataDirectory(fresh, undefined)
  assert.equal((await stat(fresh)).mode & 0o777, 0o700)
  await prepareDataDirectory(fresh, undefined)
  const foreign = join(directory, 'foreign')
  await mkdir(foreign, { mode: 0o755 })
  await writeFile(join(foreign, 'letter.txt'), '')
  await assert.rejects(prepareDataDirectory(foreign, undefined), OperatorError)
  assert.equal((await stat(foreign)).mode & 0o777, 0o755)
})

test('a directory of a newer format is refused', async () => {
  await writeFile(join(directory, MARKER), '{"kind":"hirundo-data","format":2}')
  await assert.rejects(prepareDataDirectory(directory, undefined), /format 2/)
})

test('two nodes never share a directory, and a killed one leaves no lock', async (t) => {
  const script = `
    const { tryLock } = await import(${JSON.stringify(new URL('./data-directory.ts', import.meta.url).href)})
    if (!tryLock(${JSON.stringify(directory)})) process.exit(3)
    globalThis.gc()
    process.stdout.write('held')
    setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  assert.equal(tryLock(directory), undefined)
  await assert.rejects(lockDataDirectory(directory), OperatorError)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const lock = tryLock(directory)
  assert.ok(lock)
  assert.equal(tryLock(directory), undefined, 'not even within one process')
  lock.release()
  tryLock(directory)!.release()
})

test('the node key is made once, is readable by us only, and its signatures verify', async () => {
  const key = await openNodeKey(directory)
  const again = await openNodeKey(directory)
  assert.deepEqual(again.public_key_raw, key.public_key_raw)
  assert.equal(key.public_key_raw.length, 32)
  assert.match(key.fingerprint, /^([a-z2-7]{4}-){4}[a-z2-7]{4}$/)
  assert.equal((await stat(join(directory, 'node-key.pem'))).mode & 0o777, 0o600)
  const x = Buffer.from(key.public_key_raw).toString('base64url')
  const public_key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  const bytes = Buffer.from('acknowledged')
  assert.ok(verify(null, bytes, public_key, again.sign(bytes)))
})
