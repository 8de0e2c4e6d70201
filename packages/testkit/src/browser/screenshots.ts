// Pictures of every page for people to look at, and for the guides: see README.md.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { languages } from '@hirundo/contract'
import { plainLook, type Look } from './chromium.ts'
import { findBrowser } from './find-browser.ts'
import { setWidth } from './page-checks.ts'
import { openPage, readerPages, strangerPages, type SamplePage } from './pages.ts'
import { Stage, type Reader } from './stage.ts'

const help = `node packages/testkit/src/browser/screenshots.ts --out DIR [OPTIONS]

Starts a node with simulated sensors and takes pictures of its pages: DIR/PAGE-LANGUAGE-THEME-WIDTH.png, and for each
page DIR/sheet-PAGE.png with all of them side by side.

  --pages a,b       which (default: all; a name is what a picture begins with)
  --languages a,b   default: ${languages.join(',')}
  --themes a,b      default: light,dark
  --widths a,b      default: 1440,380
  --hours N         of history behind the pages (default 6)
  --screen          only what fits on the screen (default: the whole page)
`
const HEIGHT = 900
const HEIGHT_MAX = 6000
const say = (text: string): void => void process.stderr.write(`${text}\n`)

interface Shot {
  readonly page: string
  readonly file: string
  readonly title: string
}
interface Wanted {
  readonly out: string
  readonly languages: readonly string[]
  readonly themes: readonly Look['theme'][]
  readonly widths: readonly number[]
  readonly whole: boolean
}

/** One page in one language: all themes and widths without loading it again. */
async function shoot(reader: Reader, sample: SamplePage, language: string, wanted: Wanted): Promise<Shot[]> {
  const page = await reader.profile.newPage()
  const shots: Shot[] = []
  await openPage(page, sample)
  for (const width of wanted.widths) {
    await setWidth(page, width)
    for (const theme of wanted.themes) {
      await page.emulateMedia({ colorScheme: theme })
      const file = `${sample.id}-${language}-${theme}-${width}.png`
      const height = wanted.whole ? Math.min(HEIGHT_MAX, await page.evaluate(() => document.documentElement.scrollHeight)) : HEIGHT
      // What is fixed to the screen's edge would stand in the middle of a picture that is put together from several.
      await page.setViewportSize({ width, height: Math.max(HEIGHT, height) })
      await page.screenshot({ path: join(wanted.out, file) })
      await page.setViewportSize({ width, height: HEIGHT })
      shots.push({ page: sample.id, file, title: `${language} ${theme} ${width}` })
    }
  }
  await page.close()
  return shots
}

/** All pictures of one page on one, small enough to be looked at together. */
async function sheet(stage: Stage, out: string, shots: readonly Shot[]): Promise<void> {
  const figures = await Promise.all(shots.map(async ({ file, title }) => {
    const data = (await readFile(join(out, file))).toString('base64')
    const narrow = title.endsWith(' 380')
    return `<figure class="${narrow ? 'narrow' : ''}"><img src="data:image/png;base64,${data}"><figcaption>${title}</figcaption></figure>`
  }))
  const html = `<!doctype html><style>body { margin: 8px; display: flex; flex-wrap: wrap; gap: 8px; align-items: start; font: 12px sans-serif; background: #888 }
    figure { margin: 0; background: #fff } img { width: 620px; display: block } .narrow img { width: 240px } figcaption { padding: 2px 4px }</style>${figures.join('')}`
  const page = await stage.browser.newPage({ viewport: { width: 1900, height: HEIGHT } })
  await page.setContent(html, { waitUntil: 'load' })
  await page.screenshot({ path: join(out, `sheet-${shots[0]!.page}.png`), fullPage: true })
  await page.close()
}

async function takeAll(stage: Stage, samples: { readonly strangers: readonly SamplePage[]; readonly readers: readonly SamplePage[] }, wanted: Wanted): Promise<Shot[]> {
  const shots: Shot[] = []
  for (const [kind, pages] of Object.entries(samples)) {
    if (pages.length === 0) continue
    for (const language of wanted.languages) {
      const reader = await (kind === 'strangers' ? stage.stranger({ ...plainLook, language }) : stage.reader({ ...plainLook, language }))
      for (const sample of pages) {
        const taken = await shoot(reader, sample, language, wanted).catch((error: Error) => void say(`${sample.id} ${language}: ${error.message}`))
        shots.push(...(taken ?? []))
      }
      await reader.profile.close()
      say(`${language}: ${pages.length} pages`)
    }
  }
  return shots
}

const listOf = (text: string | undefined, all: readonly string[]): readonly string[] => text?.split(',') ?? all

async function main(): Promise<void> {
  const { values } = parseArgs({ options: {
    'out': { type: 'string' }, 'pages': { type: 'string' }, 'languages': { type: 'string' }, 'themes': { type: 'string' },
    'widths': { type: 'string' }, 'hours': { type: 'string', default: '6' }, 'screen': { type: 'boolean', default: false }, 'help': { type: 'boolean', default: false },
  } })
  const browser = findBrowser()
  if (values.help || values.out === undefined) return void process.stdout.write(help)
  if (browser === undefined) throw new Error('no Chromium or Chrome was found; HIRUNDO_BROWSER names one')
  const out = resolve(values.out)
  await mkdir(out, { recursive: true })
  const wanted: Wanted = {
    out, whole: !values.screen, languages: listOf(values.languages, languages),
    themes: listOf(values.themes, ['light', 'dark']) as Look['theme'][], widths: listOf(values.widths, ['1440', '380']).map(Number),
  }
  const stage = await Stage.open({ browser, backfill_hours: Number(values.hours), live: true, say })
  try {
    const some = (pages: readonly SamplePage[]) => pages.filter(({ id }) => listOf(values.pages, [id]).includes(id))
    const strangers = some(strangerPages(stage.setupPath))
    const shots = await takeAll(stage, { strangers, readers: some(await readerPages(stage.demo.node.client, await stage.warning())) }, wanted)
    for (const id of new Set(shots.map(({ page }) => page))) await sheet(stage, out, shots.filter(({ page }) => page === id))
    await writeFile(join(out, 'index.json'), JSON.stringify(shots, null, 1))
    say(`${shots.length} pictures in ${out}`)
  } finally {
    await stage.close()
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`screenshots: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`)
    process.exit(1)
  },
)
