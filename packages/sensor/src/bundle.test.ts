import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { pcapHeader, synAt, temporary } from './rig.fixture.ts'

const packageRoot = join(import.meta.dirname, '..')

test('the bundle is one file that needs Node and nothing else', async (t) => {
  const directory = await temporary(t)
  const bundle = join(directory, 'hirundo-sensor.mjs')
  const { scripts } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as { scripts: { bundle: string } }
  const [, ...args] = scripts.bundle.replace('dist/hirundo-sensor.mjs', bundle).split(' ')
  const rolldown = join(packageRoot, '../../node_modules/.bin/rolldown')
  const built = spawnSync(process.execPath, [rolldown, ...args], { cwd: packageRoot, encoding: 'utf8' })
  assert.equal(built.status, 0, built.stderr)
  const imported = [...(await readFile(bundle, 'utf8')).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g)].map((match) => match[1]!)
  assert.ok(imported.length > 5)
  for (const name of imported) assert.ok(name.startsWith('node:') && builtinModules.includes(name.slice(5)), name)

  await writeFile(join(directory, 'one.pcap'), Buffer.concat([pcapHeader(), synAt(1_767_225_600)]))
  const run = (...given: string[]) => spawnSync(process.execPath, [bundle, ...given], { cwd: directory, encoding: 'utf8' })
  assert.match(run('--version').stdout, /^\d+\.\d+\.\d+\n$/)
  const flows = run('flows', '--dst', '192.0.2.0/24', 'one.pcap')
  assert.equal(flows.status, 0)
  assert.match(flows.stdout, /^minute,src,.*\n2026-01-01T00:00:00Z,240\.0\.0\.0,192\.0\.2\.0\/24,6,23,/)
  assert.equal(run('run', '--state', directory, '--read', 'one.pcap').status, 2)
  assert.match(run('run', '--state', directory, '--read', 'one.pcap').stderr, /no enrolment/)
  assert.equal(run('nonsense').status, 2)
  assert.equal(run('run', '--nonsense').status, 2)
})
