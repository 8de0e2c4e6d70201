import { texts } from '@hirundo/contract/catalogues/web/en'
import type { Page } from './chromium.ts'
import { openPage, settled, type SamplePage } from './pages.ts'
import type { Reader } from './stage.ts'

const contentOf = (page: Page): Promise<string> => page.locator('main').innerText()

/** Chooses `without research scanners` in the bar of questions: a change of state that every page of the observatory has. */
async function leaveResearchOut(page: Page): Promise<void> {
  await page.locator('button.chip', { hasText: texts['ui.research_include'] }).click()
  await page.getByRole('dialog').getByRole('button').first().click()
  await page.getByRole('option', { name: texts['ui.research_exclude'], exact: true }).click()
  await page.waitForURL((url) => url.searchParams.get('research') === 'exclude')
  await page.keyboard.press('Escape')
  await settled(page)
}

/** A change of what is asked becomes part of the address: reloading, going back and forward give what was seen before. */
export async function checkUrlState(reader: Reader, sample: SamplePage): Promise<string[]> {
  const page = await reader.profile.newPage()
  const faults: string[] = []
  await openPage(page, sample)
  const before = await contentOf(page)
  await leaveResearchOut(page)
  const after = await contentOf(page)
  if (after === before) faults.push('nothing changed when research scanners were left out')
  const compare = async (what: string, expected: string): Promise<void> => {
    await settled(page)
    const now = await contentOf(page)
    if (now !== expected) faults.push(`${what} shows something else:\n${difference(expected, now)}`)
  }
  await page.reload()
  await compare('reloading', after)
  await page.goBack()
  await compare('going back', before)
  await page.goForward()
  await compare('going forward', after)
  await page.close()
  return faults
}

/** A mistyped address says so: what is shown instead must not pass for what was asked. */
export async function checkMistyped(reader: Reader): Promise<string[]> {
  const page = await reader.profile.newPage()
  const faults: string[] = []
  for (const [path, said] of [['/observe/top/ports?last=24', 'last=24h'], ['/observe/economies?resarch=only', 'resarch=only']] as const) {
    await page.goto(path)
    await settled(page)
    const notes = await page.locator('main [role=note]').allInnerTexts()
    if (!notes.some((text) => text.includes(said))) faults.push(`${path} does not say ${said}: ${notes.join(' | ')}`)
  }
  await page.close()
  return faults
}

/** The first lines that differ. */
function difference(expected: string, found: string): string {
  const [a, b] = [expected.split('\n'), found.split('\n')]
  const at = a.findIndex((line, i) => line !== b[i])
  return `  before: ${a[at] ?? '(end)'}\n  now:    ${b[at] ?? '(end)'}`
}
