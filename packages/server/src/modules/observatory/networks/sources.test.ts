import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { parseCidr } from '@hirundo/base'
import { isSpecial, networkSources, networkTables, researchRows, type NetworkSettings } from './sources.ts'
import { researchScanners } from './research.ts'
import { simulatedBlocks } from './simulated.ts'

let directory: string
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hirundo-networks-'))
})
after(() => rm(directory, { recursive: true, force: true }))

const defaults: NetworkSettings = { economy_file: '', asn_file: '', research: [] }

async function rows<T>(list: AsyncIterable<T> | Iterable<T>, max = Infinity): Promise<T[]> {
  const found: T[] = []
  for await (const row of list) if (found.push(row) >= max) break
  return found
}

test('an operator’s CSV takes the place of ours; lines that are no range are counted and left out', async () => {
  const [economy_file, asn_file] = [join(directory, 'economies.csv'), join(directory, 'asns.csv')]
  await writeFile(economy_file, '192.0.2.0,192.0.2.127,xa\n2001:db8::,2001:db8::ffff,XB\nnonsense\n192.0.2.128,192.0.2.255,Atlantis\n')
  await writeFile(asn_file, '3221225984,3221226239,64500,"Net, with ""quotes"""\n192.0.2.0,192.0.2.255,x,bad\n')
  const sources = await networkSources({ ...defaults, economy_file, asn_file })
  const loaded = { names: new Map<number, string>(), bad: 0 }
  const tables = networkTables(sources, [], loaded)
  const economies = await rows(tables.economies)
  assert.deepEqual(economies.slice(0, -simulatedBlocks.length), [['192.0.2.0/25', 'XA'], ['2001:db8::/112', 'XB']])
  assert.deepEqual((await rows(tables.asns))[0], ['192.0.2.0/24', 64_500, 'Net, with "quotes"'])
  assert.equal(loaded.bad, 3)
  assert.match(tables.as_of, /^\d{4}-\d{2}-\d{2}$/)
})

test('quotes may hold commas, quotes and line ends; one that stays open and a line without end are refused', async () => {
  const asn_file = join(directory, 'quoted.csv')
  const read = async (content: string) => {
    await writeFile(asn_file, content)
    const loaded = { names: new Map<number, string>(), bad: 0 }
    await rows(networkTables(await networkSources({ ...defaults, asn_file }), [], loaded).asns)
    return [[64_900, 64_901, 64_902].map((asn) => loaded.names.get(asn)), loaded.bad]
  }
  assert.deepEqual(await read('192.0.2.0,192.0.2.7,64900,"a ""b"", c"\r\n\n 192.0.2.8 , 192.0.2.9 , "64901" , "two\nlines"\n192.0.2.10,192.0.2.11,64902'), [['a "b", c', 'two\nlines', ''], 0])
  assert.deepEqual(await read('192.0.2.0,192.0.2.7,64900,a"b"c\n192.0.2.8,192.0.2.9,64901,x\n'), [[undefined, 'x', undefined], 1])
  await assert.rejects(read('192.0.2.0,192.0.2.7,64500,"open\n'), /quote/)
  await assert.rejects(read('1'.repeat(1_000_000)), /longer/)
})

test('reading ends when it is told to', async () => {
  const stop = new AbortController()
  const { economies } = networkTables(await networkSources(defaults), [], { names: new Map(), bad: 0 }, stop.signal)
  let count = 0
  await assert.rejects(async () => {
    for await (const _ of economies) if (++count === 10) stop.abort()
  }, { name: 'AbortError' })
  assert.ok(count < 100_000)
})

test('the tables that come with the node are read, dated, and change when the settings do', async () => {
  const sources = await networkSources(defaults)
  const tables = networkTables(sources, [], { names: new Map(), bad: 0 })
  for (const [cidr, economy] of await rows(tables.economies, 1000)) {
    assert.ok(parseCidr(cidr).ok, cidr)
    assert.match(economy, /^[A-Z]{2}$/)
  }
  assert.match(sources.as_of, /^\d{4}-\d{2}-\d{2}/)
  const other = await networkSources({ ...defaults, research: [{ name: 'x', cidr: '192.0.2.0/24' }] })
  assert.notEqual(other.version, sources.version)
  await assert.rejects(networkSources({ ...defaults, asn_file: join(directory, 'absent.csv') }))
})

test('every listed research network is one, and an operator adds and takes away', () => {
  for (const { networks } of researchScanners) for (const cidr of networks) assert.ok(parseCidr(cidr).ok, cidr)
  const [{ networks: [listed] }] = researchScanners as [typeof researchScanners[number]]
  const own = researchRows({ ...defaults, research: [{ name: 'Ours', cidr: '192.0.2.0/24' }, { name: 'x', cidr: listed!, kind: 'not' }] })
  assert.ok(own.ok)
  const map = new Map(own.value)
  assert.equal(map.get('192.0.2.0/24'), 'Ours')
  assert.equal(map.has(listed!), false)
  assert.equal(researchRows({ ...defaults, research: [{ name: 'x', cidr: '192.0.2.1/24' }] }).ok, false)
})

test('private and documentation networks are left out of the tables that come with the node, and their neighbours are not', () => {
  for (const cidr of ['10.0.0.0/8', '192.168.0.0/16', '192.0.2.0/25', '198.51.100.0/24', '203.0.113.0/24', '2001:db8:1::/48', 'fc00::/7', '255.0.0.0/8']) assert.ok(isSpecial(cidr), cidr)
  for (const cidr of ['11.0.0.0/8', '192.0.3.0/24', '198.51.101.0/24', '203.0.112.0/24', '172.32.0.0/11', '2001:db9::/32', '2a00::/12', '8.0.0.0/8']) assert.ok(!isSpecial(cidr), cidr)
})
