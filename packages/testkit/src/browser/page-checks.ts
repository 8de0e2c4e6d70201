import { texts } from '@hirundo/contract/catalogues/web/en'
import { axeFaults } from './axe.ts'
import type { Page } from './chromium.ts'
import { layoutFaults } from './layout.ts'
import { openPage, settled, type SamplePage } from './pages.ts'
import type { Reader } from './stage.ts'
import { strayTexts } from './stray-text.ts'

export const widths = { wide: 1440, narrow: 380 } as const
const HEIGHT = 900
export const LOCATION_NOTE = 'location-of-address-not-of-actor'

const under = (where: string, faults: readonly string[]): string[] => faults.map((fault) => `${where}: ${fault}`)

export async function setWidth(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: HEIGHT })
  await settled(page)
}

/** Exactly one h1, and it says something: the page's question, answered. */
async function sentenceFaults(page: Page): Promise<string[]> {
  const sentences = await page.locator('h1').allInnerTexts()
  if (sentences.length !== 1) return [`${sentences.length} h1 instead of one: ${sentences.join(' | ')}`]
  return sentences[0]!.trim().length > 0 ? [] : ['the h1 is empty']
}

/** Whether an answer that the page was made from ranks economies or networks. */
function watchNotes(page: Page): () => Promise<boolean> {
  const bodies: Promise<string>[] = []
  const listen = (response: { url(): string; headers(): Record<string, string>; text(): Promise<string> }): void => {
    const is_json = response.headers()['content-type']?.startsWith('application/json') ?? false
    if (is_json && response.url().includes('/api/v1/')) bodies.push(response.text().catch(() => ''))
  }
  page.on('response', listen)
  return async () => {
    page.off('response', listen)
    return (await Promise.all(bodies)).some((body) => body.includes(`"note":"${LOCATION_NOTE}"`) && /"economy":"|"asn":\d/.test(body))
  }
}

/** The page itself, or the report in its frame, which says it in a sentence of its own. */
async function saysLocation(page: Page): Promise<boolean> {
  const said = await Promise.all(page.frames().map(async (frame) => {
    await frame.waitForLoadState('load')
    return frame.locator('body').innerText()
  }))
  return said[0]!.includes(texts['ui.location_not_actor']) || said.slice(1).some((text) => /location of (the |an )?address(es)?, not of (the |an )?actors?/i.test(text))
}

/** A page in English at both widths and in both themes; what is wrong with it, one line each. */
export async function checkPage(reader: Reader, sample: SamplePage): Promise<string[]> {
  const page = await reader.profile.newPage()
  const noted = watchNotes(page)
  reader.watch.take()
  await openPage(page, sample)
  const faults = await sentenceFaults(page)
  if (await noted() && !await saysLocation(page)) faults.push('it ranks economies or networks and does not say: location of address, not of actor')
  faults.push(...under('light', await axeFaults(page)), ...under('wide', await layoutFaults(page)))
  await page.emulateMedia({ colorScheme: 'dark' })
  faults.push(...under('dark', await axeFaults(page)))
  await setWidth(page, widths.narrow)
  faults.push(...under('narrow', await layoutFaults(page)), ...under('narrow, dark', await axeFaults(page)))
  await page.close()
  return [...faults, ...reader.watch.take().map(({ what, text }) => `${what}: ${text}`)]
}

/** The same page in the pseudo-language: texts that are in no catalogue, and what breaks when texts are 40 % longer. */
export async function checkLongTexts(reader: Reader, sample: SamplePage, data: readonly string[]): Promise<string[]> {
  const page = await reader.profile.newPage()
  await openPage(page, sample)
  const faults = under('in no catalogue', await strayTexts(page, 'en', { data }))
  faults.push(...under('40 % longer, wide', await layoutFaults(page)))
  await setWidth(page, widths.narrow)
  faults.push(...under('40 % longer, narrow', await layoutFaults(page)))
  await page.close()
  return faults
}

/** A translation in its own letters, where it is tightest: the language of the document, and what does not fit. */
export async function checkLanguage(reader: Reader, sample: SamplePage, language: string): Promise<string[]> {
  const page = await reader.profile.newPage()
  await openPage(page, sample)
  const lang = await page.evaluate(() => document.documentElement.lang)
  const faults = [...(lang === language ? [] : [`<html lang> is ${lang}`]), ...await layoutFaults(page)]
  await page.close()
  return under(language, faults)
}
