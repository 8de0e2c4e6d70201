import { readFile } from 'node:fs/promises'
import { texts } from '@hirundo/contract/catalogues/web/en'
import type { Page } from './chromium.ts'
import { parseCsv } from './csv.ts'
import { openPage, type SamplePage } from './pages.ts'
import type { Reader } from './stage.ts'

interface Figure {
  readonly id: string
  readonly query: string
  readonly simulated: boolean
  readonly columns: readonly string[]
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** What a figure's menu gives as a file. */
async function download(page: Page, figure: number, entry: string): Promise<{ name: string; text: string }> {
  const waiting = page.waitForEvent('download')
  await page.locator('figure.figure-card .figure-head button').nth(figure).click()
  await page.getByRole('menuitem', { name: entry, exact: true }).click()
  const file = await waiting
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') }
}

/** What stays of a query when a page that follows the present asks again: all but its times. */
const withoutTimes = (query: string): readonly string[] => query.split(/[?&\n]/).filter((part) => !/^(from|to)=/.test(part))

function csvFaults(text: string, figure: Figure): string[] {
  const [head = [], ...rows] = parseCsv(text)
  const faults = figure.columns.filter((column) => !head.includes(column)).map((column) => `CSV has no column ${column}`)
  if (rows.length !== figure.rows.length) faults.push(`CSV has ${rows.length} rows and JSON ${figure.rows.length}`)
  const queries = new Set(rows.map((row) => withoutTimes((row[head.indexOf('query')] ?? '').replaceAll('; ', '\n')).join(' ')))
  if (rows.length > 0 && [...queries].join() !== withoutTimes(figure.query).join(' ')) faults.push(`rows of CSV hold another query: ${[...queries].join()}`)
  if (rows.some((row) => ['period_from', 'period_to'].some((name) => !Number.isFinite(Date.parse(row[head.indexOf(name)] ?? ''))))) faults.push('a row of CSV does not hold the period')
  if (figure.simulated && !head.includes('simulated')) faults.push('CSV does not say simulated')
  return faults
}

/** Parsed by the browser as a file of its own: it must be well-formed, draw without the page, and reach for nothing. */
async function svgFaults(blank: Page, text: string, figure: Figure): Promise<string[]> {
  const faults = await blank.evaluate((source) => {
    const parsed = new DOMParser().parseFromString(source, 'image/svg+xml')
    const root = parsed.documentElement
    const found: string[] = []
    if (parsed.querySelector('parsererror') || root.localName !== 'svg') found.push('SVG does not parse')
    if (!root.querySelector('title')?.textContent) found.push('SVG has no title')
    if (/(href|src)\s*=\s*"(?!#)|url\((?!#|"#)|@import/.test(source)) found.push('SVG refers to something outside')
    if (parsed.querySelector('script, foreignObject')) found.push('SVG holds what is no drawing')
    return found
  }, text)
  const said = text.replace(/<[^>]*>|\s+/g, '').replaceAll('&amp;', '&')
  if (!withoutTimes(figure.query).every((part) => said.includes(part.replace(/\s+/g, '')))) faults.push(`SVG does not hold the query ${figure.query}`)
  if (figure.simulated && !said.includes('simulated')) faults.push('SVG does not say simulated')
  return faults
}

async function queryFaults(page: Page, at: number, figure: Figure): Promise<string[]> {
  await page.locator('figure.figure-card .figure-head button').nth(at).click()
  await page.getByRole('menuitem', { name: texts['ui.figure_query'], exact: true }).click()
  const shown = await page.getByRole('dialog').innerText()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  return withoutTimes(figure.query).every((part) => shown.includes(part)) ? [] : ['the page does not show the query that the file names']
}

/** Takes every figure of a page as JSON, CSV and SVG, asks for its query, and asks the node the same. */
export async function checkDownloads(reader: Reader, sample: SamplePage, ask: (path: string) => Promise<Response>): Promise<{ readonly figures: number; readonly faults: readonly string[] }> {
  // The pages of the node allow no parser: trusted types. It comes first: a page behind another one is slowed down.
  const blank = await reader.profile.newPage()
  const page = await reader.profile.newPage()
  await openPage(page, sample)
  const count = await page.locator('figure.figure-card').count()
  const faults: string[] = []
  for (let at = 0; at < count; at++) {
    const json = await download(page, at, texts['ui.figure_json'])
    const figure = JSON.parse(json.text) as Figure
    const found = figure.columns.length > 0 && figure.query.startsWith('GET /api/v1/') ? [] : ['JSON has no columns or no query']
    if (!/^[a-z0-9-]+(_\d{8}T\d{4}Z){2}\.json$/.test(json.name)) found.push(`the file is called ${json.name}`)
    found.push(...csvFaults((await download(page, at, texts['ui.figure_csv'])).text, figure))
    found.push(...await svgFaults(blank, (await download(page, at, texts['ui.figure_svg'])).text, figure))
    found.push(...await queryFaults(page, at, figure))
    // A figure of several series was asked for by several queries.
    for (const query of figure.query.split('\n')) {
      const answer = await ask(query.replace('GET ', ''))
      if (answer.status !== 200) found.push(`the node answers the query ${query} with ${await answer.text()}`)
    }
    faults.push(...found.map((fault) => `${figure.id}: ${fault}`))
  }
  await Promise.all([page.close(), blank.close()])
  return { figures: count, faults }
}
