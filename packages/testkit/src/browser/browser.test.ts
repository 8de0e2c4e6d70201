// Every page on a real node with generated traffic, in Debian's Chromium. One node and one browser for all of it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { realWorld } from '@hirundo/base'
import { getBulletin, languages, listFindings, listSettings } from '@hirundo/contract'
import { answerOf } from '../constellation/node-process.ts'
import { PSEUDO } from './chromium.ts'
import { checkDecoys } from './decoys.ts'
import { checkDownloads } from './downloads.ts'
import { findBrowser } from './find-browser.ts'
import { checkFocus, checkNavigation, checkOverlays, checkSearch, checkShortcuts, checkSkipLink } from './keyboard.ts'
import { knownData } from './known-data.ts'
import { checkLive } from './live.ts'
import { checkLanguage, checkLongTexts, checkPage, widths } from './page-checks.ts'
import { openPage, readerPages, strangerPages, type SamplePage } from './pages.ts'
import { checkInvitation, checkPassword } from './people.ts'
import { Stage, type Reader } from './stage.ts'
import { checkMistyped, checkUrlState } from './url-state.ts'
import { checkBoardKeys, checkBoardState, checkEvidence, checkRelease } from './warning/acts.ts'
import { checkEditing, checkMissing } from './warning/editing.ts'

const executable = findBrowser()
/** Ids that are made anew at every load say nothing. */
const withoutIds = (fault: string): string => fault.replace(/#?react-aria[\w:-]+/g, '#…').replace(/localhost:\d+/g, 'node').replace(/-[\w-]{8}\.js/g, '.js')
/** One page with other rows is enough where rows do not matter. */
const isOwnKind = ({ id }: SamplePage): boolean => !/^top-(?!ports)|^port-icmp$|^explore$|^finding-(drdos|synchronised|spike|change)$/.test(id)
const START_MS_MAX = 240_000
const routes_file = new URL('../../../web/src/app/router.tsx', import.meta.url)
const settings_file = new URL('../../../web/src/node/setting-texts.ts', import.meta.url)

describe('the pages of a node', { skip: executable === undefined && 'no Chromium or Chrome was found' }, () => {
  let stage: Stage
  let pages: readonly SamplePage[]

  before(async () => {
    stage = await Stage.open({ browser: executable!, backfill_hours: 2, live: true })
  }, { timeout: START_MS_MAX })
  after(async () => stage?.close())

  /** All faults of all pages at once, each told once with the pages that have it: one run tells everything. */
  const noFaults = async (samples: readonly SamplePage[], check: (sample: SamplePage) => Promise<string[]>): Promise<void> => {
    const found = new Map<string, string[]>()
    for (const sample of samples) {
      const faults = await check(sample).catch((error: Error) => [error.message])
      for (const fault of new Set(faults.map(withoutIds))) found.set(fault, [...(found.get(fault) ?? []), sample.id])
    }
    assert.equal(found.size, 0, [`${found.size} faults`, ...[...found].map(([fault, ids]) => `[${ids.join(' ')}] ${fault}`)].join('\n'))
  }
  const withReader = async (reader: Reader, act: (reader: Reader) => Promise<void>): Promise<void> => {
    try {
      await act(reader)
    } finally {
      await reader.profile.close()
    }
  }

  const page_of = (id: string): SamplePage => pages.find((page) => page.id === id)!
  /** An hour that does not change any more: live traffic adds to the present only, and of a quarter ago no sensor still sends. */
  const past = (id: string): SamplePage => {
    const at = (hours: number) => new Date(Math.floor(realWorld.now() / 3_600_000 - 0.25 - hours) * 3_600_000).toISOString()
    const page = page_of(id)
    return { ...page, path: `${page.path}${page.path.includes('?') ? '&' : '?'}from=${at(1)}&to=${at(0)}` }
  }

  it('that nobody has signed in to are without fault', async () => {
    const samples = strangerPages(stage.setupPath)
    await withReader(await stage.stranger(), (reader) => noFaults(samples, (sample) => checkPage(reader, sample)))
    await withReader(await stage.stranger({ language: PSEUDO }), (reader) => noFaults(samples, (sample) => checkLongTexts(reader, sample, [])))
  })

  it('are all among those that are tested', async () => {
    pages = await readerPages(stage.demo.node.client, await stage.warning())
    const table = readFileSync(routes_file, 'utf8')
    const routes = [...table.matchAll(/\b(?:page|open)\('([^']+)'/g)].map(([, path]) => path!)
    assert.ok(routes.length > 10, 'the table of routes was not understood')
    const tested = new Set([...pages, ...strangerPages('')].map(({ route }) => route))
    // It is opened by a session that must enrol: see checkInvitation.
    tested.add('/enrol')
    assert.deepEqual(routes.filter((route) => !tested.has(route)), [])
  })

  it('let findings be judged from the keys of the board, and keep what it shows in its address', async () => {
    const { findings } = await stage.warning()
    await withReader(await stage.reader(), async (reader) => assert.deepEqual([...await checkBoardKeys(reader, page_of('board'), findings.get('drdos')!), ...await checkBoardState(reader, page_of('board'))], []))
  })

  it('ask again for the evidence of what detectors found themselves', async () => {
    const { findings } = answerOf(await stage.demo.node.client.call(listFindings, { query: { kind: ['drdos', 'rsdos'], limit: 500 } }))
    const planted = new Set((await stage.warning()).findings.values())
    const found = findings.find(({ id, open }) => !planted.has(id) && !open)
    assert.ok(found, 'no detector found anything in what the simulated sensors sent')
    await withReader(await stage.reader(), async (reader) => assert.deepEqual(await checkEvidence(reader, `/warn/findings/${found.id}`), []))
  })

  it('lead from a finding to a bulletin that is released in a person’s name', async () => {
    const { findings } = await stage.warning()
    await withReader(await stage.reader(), async (reader) => assert.deepEqual(await checkRelease(reader, `/warn/findings/${findings.get('campaign')!}`), []))
  })

  it('keep what was typed into a bulletin that somebody else saved, and say of what is not there that it is not', async () => {
    const { draft } = await stage.warning()
    const { client } = await stage.administrator()
    const { number } = answerOf(await client.call(getBulletin, { params: { id: draft } }))
    await withReader(await stage.reader(), async (reader) => assert.deepEqual([...await checkEditing(reader, draft, client), ...await checkMissing(reader, number)], []))
  })

  it('are without fault in both themes, wide and narrow', async () => {
    await withReader(await stage.reader(), (reader) => noFaults(pages.filter((page) => isOwnKind(page) || /^top-(economies|asns)$/.test(page.id)), (sample) => checkPage(reader, sample)))
  })

  it('take every text from a catalogue, and stay whole when texts are 40 % longer', async () => {
    const data = await knownData(stage.demo.node.client, await stage.administrator())
    await withReader(await stage.reader({ language: PSEUDO }), (reader) => noFaults(pages.filter(isOwnKind), (sample) => checkLongTexts(reader, sample, data)))
  })

  it('know every setting of the node, so that it is said in the reader’s language', async () => {
    const { settings } = answerOf(await stage.demo.node.client.call(listSettings, {}))
    const known = readFileSync(settings_file, 'utf8')
    assert.deepEqual(settings.map(({ key }) => key).filter((key) => !known.includes(`'${key}'`)), [])
  })

  it('let an invited person in by a passkey, and no further than their role', async () => {
    await withReader(await stage.stranger(), async (reader) => assert.deepEqual(await checkInvitation(stage, reader), []))
  })

  it('let a person in by password and code, back to where they came from', async () => {
    await withReader(await stage.stranger(), async (reader) => assert.deepEqual(await checkPassword(reader, await stage.administrator()), []))
  })

  it('give every figure as CSV, JSON and SVG, with the query behind it', async () => {
    const { cookie } = await stage.administrator()
    const ask = (path: string) => fetch(`${stage.url}${path}`, { headers: { cookie: `${cookie().name}=${cookie().value}` } })
    let figures = 0
    await withReader(await stage.reader(), (reader) => noFaults(pages.filter((page) => isOwnKind(page) && !page.id.startsWith('ui')), async (sample) => {
      const found = await checkDownloads(reader, sample, ask)
      figures += found.figures
      return [...found.faults]
    }))
    assert.ok(figures > 10, `only ${figures} figures were found`)
  })

  it('are all reached by the keyboard alone, with the focus always in sight', async () => {
    await withReader(await stage.reader(), async (reader) => {
      const page = await reader.profile.newPage()
      await openPage(page, page_of('overview'))
      const faults = [await checkSkipLink(page), await checkNavigation(page), await checkShortcuts(page), await checkSearch(page)].flat()
      await openPage(page, page_of('overview'))
      faults.push(...await checkOverlays(page))
      assert.deepEqual(faults, [])
      await page.close()
      await noFaults(pages.filter(isOwnKind), (sample) => checkFocus(reader, sample))
    })
  })

  it('have their state in their address', async () => {
    await withReader(await stage.reader(), (reader) => noFaults(['explore', 'top-ports', 'port', 'source', 'economies', 'compare', 'answering', 'drdos'].map(past), (sample) => checkUrlState(reader, sample)))
    await withReader(await stage.reader(), async (reader) => assert.deepEqual(await checkMistyped(reader), []))
  })

  it('keep the register of own decoys, and take back what was done', async () => {
    await withReader(await stage.reader(), async (reader) => assert.deepEqual(await checkDecoys(reader, page_of('decoys')), []))
  })

  it('show live what becomes queryable', async () => {
    await withReader(await stage.reader(), async (reader) => assert.deepEqual(await checkLive(stage, reader, page_of('overview')), []))
  })

  for (const language of languages.filter((one) => one !== 'en')) {
    it(`fit in ${language} on a narrow screen, and say that they are in it`, async () => {
      const look = { language, width: widths.narrow }
      await withReader(await stage.reader(look), (reader) => noFaults(pages.filter(isOwnKind), (sample) => checkLanguage(reader, sample, language)))
    })
  }
})
