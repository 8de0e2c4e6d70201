import { texts } from '@hirundo/contract/catalogues/web/en'
import type { Page } from '../chromium.ts'
import { openPage, settled, type SamplePage } from '../pages.ts'
import type { Reader } from '../stage.ts'

const APPEARS_MS = 5000
const rowOf = (page: Page, id: string) => page.locator('tbody tr', { has: page.locator(`[data-finding="${id}"]`) })
const said = (page: Page, text: string, faults: string[]): Promise<void> => page.locator('.toast', { hasText: text }).last().waitFor({ timeout: APPEARS_MS }).catch(() => void faults.push(`"${text}" is not said`))
const undo = (page: Page) => page.locator('.toast').last().getByRole('button', { name: texts['ui.undo'], exact: true }).click()

/** A finding is found, triaged, taken back, dismissed with a reason and taken back, and opened, all from the keys of the board. */
export async function checkBoardKeys(reader: Reader, board: SamplePage, finding: string): Promise<string[]> {
  const page = await reader.profile.newPage()
  const faults: string[] = []
  await openPage(page, board)
  const state = (text: string, when: string) => rowOf(page, finding).getByText(text, { exact: true }).waitFor({ timeout: APPEARS_MS }).catch(() => void faults.push(`the finding is not ${text} ${when}`))
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['finding'] ?? '')
  const go = async (): Promise<void> => {
    for (let steps = 0; steps < 60 && await focused() !== finding; steps++) await page.keyboard.press('j')
    if (await focused() !== finding) faults.push('j does not reach the finding')
  }
  await go()
  await page.keyboard.press('t')
  await said(page, texts['warn.moved_triaged'], faults)
  await state(texts['warn.state_triaged'], 'after t')
  await undo(page)
  await state(texts['warn.state_new'], 'after that was undone')
  await go()
  await page.keyboard.press('d')
  await page.getByRole('radio', { name: texts['warn.dismissal_own_test'] }).check({ force: true })
  await page.getByRole('dialog').getByRole('button', { name: texts['warn.act_dismissed'], exact: true }).click()
  await said(page, texts['warn.moved_dismissed'], faults)
  await rowOf(page, finding).waitFor({ state: 'detached', timeout: APPEARS_MS }).catch(() => void faults.push('a dismissed finding stays on the board'))
  await undo(page)
  await state(texts['warn.state_new'], 'after its dismissal was undone')
  await go()
  await page.keyboard.press('k')
  if (await focused() === finding) faults.push('k does not move')
  await go()
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname === `/warn/findings/${finding}`, { timeout: APPEARS_MS }).catch(() => void faults.push(`Enter leads to ${page.url()}`))
  await page.close()
  return faults
}

/** Filters are steps of the browser's history, and an address shows what it showed. */
export async function checkBoardState(reader: Reader, board: SamplePage): Promise<string[]> {
  const page = await reader.profile.newPage()
  const faults: string[] = []
  const listed = () => page.locator('[data-finding]').evaluateAll((all) => all.map((link) => (link as HTMLElement).dataset['finding']).join())
  await openPage(page, board)
  const before = await listed()
  await page.locator('button.chip', { hasText: texts['warn.severity_urgent'] }).click()
  await page.waitForURL((url) => url.searchParams.get('severity') === 'urgent', { timeout: APPEARS_MS }).catch(() => void faults.push('the filter is not in the address'))
  await settled(page)
  const filtered = await listed()
  if (filtered === before || filtered === '') faults.push(`the filter shows ${filtered === '' ? 'nothing' : 'the same'}`)
  await page.reload()
  await settled(page)
  if (await listed() !== filtered) faults.push('reloading shows something else')
  await page.goBack()
  await settled(page)
  if (await listed() !== before) faults.push('going back shows something else')
  await page.close()
  return faults
}

/** Evidence is asked again: what detectors found in stored traffic must come out the same. */
export async function checkEvidence(reader: Reader, path: string): Promise<string[]> {
  const page = await reader.profile.newPage()
  await openPage(page, { id: 'evidence', route: '/warn/findings/$id', path })
  await page.getByRole('button', { name: texts['warn.evidence_check'], exact: true }).click()
  const answered = page.locator('.section', { hasText: texts['warn.evidence'] }).first().getByText(texts['warn.evidence_reproduced'])
  const faults = await answered.waitFor({ timeout: 4 * APPEARS_MS }).then(() => [], async () => [`${path}: ${await page.locator('[role=status]').allInnerTexts().then((all) => all.join(' | '))}`])
  await page.close()
  return faults
}

/** From a finding to a released bulletin: drafted, edited, saved, and released after a question, in a person's name. */
export async function checkRelease(reader: Reader, path: string): Promise<string[]> {
  const page = await reader.profile.newPage()
  const faults: string[] = []
  await openPage(page, { id: 'release', route: '/warn/findings/$id', path })
  await page.getByRole('button', { name: texts['warn.draft'], exact: true }).click()
  await page.waitForURL((url) => url.pathname.startsWith('/warn/bulletins/'))
  await settled(page)
  await page.getByLabel(texts['bulletins.title'], { exact: true }).fill('Scans of Android debug bridges')
  if (await page.getByRole('button', { name: texts['bulletins.release_do'], exact: true }).count() > 0) faults.push('what was typed and not saved can be released')
  await page.getByRole('button', { name: texts['ui.save'], exact: true }).click()
  await said(page, texts['ui.saved'], faults)
  await page.getByRole('button', { name: texts['bulletins.release_do'], exact: true }).click()
  await page.locator('.ask').getByRole('button', { name: texts['bulletins.release_do'], exact: true }).click()
  await page.getByRole('button', { name: texts['bulletins.withdraw'], exact: true }).waitFor({ timeout: 2 * APPEARS_MS }).catch(() => void faults.push('it is not released'))
  if (!(await page.locator('h1').innerText()).includes('Scans of Android debug bridges')) faults.push('the sentence does not have the title that was typed')
  await page.close()
  return faults
}
