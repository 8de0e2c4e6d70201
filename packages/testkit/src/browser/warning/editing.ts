import { editBulletin, getBulletin, type ApiClient } from '@hirundo/contract'
import { texts } from '@hirundo/contract/catalogues/web/en'
import { answerOf } from '../../constellation/node-process.ts'
import { openPage, settled } from '../pages.ts'
import type { Reader } from '../stage.ts'

const APPEARS_MS = 5000
const route = '/warn/bulletins/$id'

/** A title that is missing is asked for where the writer is; what somebody saved meanwhile is taken in, and nothing typed is lost. */
export async function checkEditing(reader: Reader, id: string, other: ApiClient): Promise<string[]> {
  const page = await reader.profile.newPage()
  const faults: string[] = []
  await openPage(page, { id: 'editing', route, path: `/warn/bulletins/${id}` })
  const [title, what, since] = (['bulletins.title', 'bulletins.slot_what', 'bulletins.slot_since'] as const).map((key) => page.getByLabel(texts[key], { exact: true })) as [Field, Field, Field]
  const save = page.getByRole('button', { name: texts['ui.save'], exact: true })
  await title.fill(' ')
  await save.focus()
  await page.keyboard.press('Enter')
  await page.getByText(texts['bulletins.title_missing'].replace('{language}', 'English')).waitFor({ timeout: APPEARS_MS }).catch(() => void faults.push('a missing title is not said at the button'))
  if (!(await title.evaluate((field) => field === field.ownerDocument.activeElement))) faults.push('the title that is missing does not have the focus')
  await title.fill('Mine')
  await what.fill('My words')

  const params = { id }
  const { version, texts: known } = answerOf(await other.call(getBulletin, { params }))
  answerOf(await other.call(editBulletin, { params, body: { version, texts: { en: { ...known.en, title: 'Theirs', since: 'Their words' } } } }))
  await save.click()
  await page.getByText(texts['bulletins.conflict']).waitFor({ timeout: APPEARS_MS }).catch(() => void faults.push('that somebody saved meanwhile is not said'))
  if (!(await page.locator('.said', { hasText: 'Theirs' }).isVisible())) faults.push('the other text is not shown')
  for (const [field, text] of [[title, 'Mine'], [what, 'My words'], [since, 'Their words']] as const) {
    if (await field.inputValue() !== text) faults.push(`"${await field.inputValue()}" stands where "${text}" should`)
  }
  await save.click()
  await page.locator('.toast', { hasText: texts['ui.saved'] }).last().waitFor({ timeout: APPEARS_MS }).catch(() => void faults.push('what was put together cannot be saved'))
  const saved = answerOf(await other.call(getBulletin, { params })).texts.en
  if (saved.title !== 'Mine' || saved.since !== 'Their words') faults.push(`saved is ${JSON.stringify([saved.title, saved.since])}`)
  await page.close()
  return faults
}
type Field = ReturnType<Awaited<ReturnType<Reader['profile']['newPage']>>['getByLabel']>

/** An address of something that is not there says so and leads to the list; a bulletin is found by its number. */
export async function checkMissing(reader: Reader, number: string): Promise<string[]> {
  const page = await reader.profile.newPage()
  const faults: string[] = []
  for (const [path, said, link] of [
    ['/warn/findings/nope', 'warn.finding_missing', 'warn.finding_to_board'], ['/warn/findings/00000000-0000-4000-8000-000000000000', 'warn.finding_missing', 'warn.finding_to_board'],
    ['/warn/bulletins/nope', 'bulletins.missing', 'bulletins.to_list'], ['/warn/bulletins/HB-2026-9999', 'bulletins.missing', 'bulletins.to_list'],
  ] as const) {
    await page.goto(path)
    await settled(page)
    await page.getByRole('link', { name: texts[link], exact: true }).waitFor({ timeout: APPEARS_MS }).catch(() => void faults.push(`${path} does not lead to the list`))
    const text = await page.locator('main').innerText()
    if (!text.includes(texts[said])) faults.push(`${path} says ${text.slice(0, 200)}`)
    if (await page.getByRole('button', { name: texts['ui.retry'] }).count() > 0) faults.push(`${path} can be asked for again`)
  }
  await page.goto(`/warn/bulletins/${number}`)
  await settled(page)
  if (!(await page.locator('main').innerText()).includes(number)) faults.push(`${number} leads to no bulletin`)
  await page.close()
  return faults
}
