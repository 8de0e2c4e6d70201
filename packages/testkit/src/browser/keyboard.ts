import type { Page } from './chromium.ts'
import { checkArrows, walkFocus } from './focus.ts'
import { openPage, settled, type SamplePage } from './pages.ts'
import type { Reader } from './stage.ts'

const pathOf = (page: Page): string => new URL(page.url()).pathname

/** Tab to the end of a page and Shift+Tab back: everything is reached, seen, and nothing holds the focus. */
export async function checkFocus(reader: Reader, sample: SamplePage): Promise<string[]> {
  const page = await reader.profile.newPage()
  await openPage(page, sample)
  const there = await walkFocus(page, 'Tab')
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  const back = await walkFocus(page, 'Shift+Tab')
  const arrows = await checkArrows(page)
  await page.close()
  return [...arrows, ...there.faults, ...back.faults.map((fault) => `backwards: ${fault}`)]
}

/** The list behind `?`: the keys of each page, as `g o`. */
async function listedKeys(page: Page): Promise<string[]> {
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  const keys = await dialog.locator('kbd').allInnerTexts()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  return keys.filter((text) => /^g .$/.test(text))
}

/** Every page of the navigation by `g` and its key, as the list behind `?` promises. */
export async function checkShortcuts(page: Page): Promise<string[]> {
  const faults: string[] = []
  const links = await page.locator('nav.rail a.rail-link').evaluateAll((all) => all.map((link) => new URL((link as HTMLAnchorElement).href).pathname))
  const keys = await listedKeys(page)
  const reached = new Set<string>()
  for (const text of keys) {
    await page.keyboard.press('g')
    await page.keyboard.press(text.slice(2))
    await page.waitForFunction((paths) => paths.includes(location.pathname), links)
    await settled(page)
    reached.add(pathOf(page))
  }
  for (const link of links) if (!reached.has(link)) faults.push(`no key leads to ${link}: ${keys.join(', ')}`)
  return faults
}

/** From one page to the next by Tab and Enter alone, along the navigation; each page gets a title and a sentence of its own. */
export async function checkNavigation(page: Page): Promise<string[]> {
  const faults: string[] = []
  const count = await page.locator('nav.rail a.rail-link').count()
  const titles = new Set<string>()
  for (let i = 0; i < count; i++) {
    const link = page.locator('nav.rail a.rail-link').nth(i)
    const wanted = new URL((await link.getAttribute('href'))!, page.url()).pathname
    // The navigation comes first on a page, behind the link that skips it.
    await page.locator('a.skip').focus()
    for (let step = 0; step < count + 10 && !(await link.evaluate((element) => element === document.activeElement)); step++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.pathname === wanted).catch(() => faults.push(`Enter on its link did not open ${wanted}`))
    // The address changes first; the page comes when its script is there, and takes the focus.
    if (i > 0) await page.waitForFunction((known) => !known.includes(document.title), [...titles]).catch(() => faults.push(`${wanted} has the title of another page`))
    await settled(page)
    titles.add(await page.title())
  }
  if (titles.size !== count) faults.push(`${count} pages have ${titles.size} titles: ${[...titles].join(' | ')}`)
  return faults
}

/** The first stop of Tab leads past the navigation. */
export async function checkSkipLink(page: Page): Promise<string[]> {
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const inside = await page.evaluate(() => document.querySelector('main')!.contains(document.activeElement))
  if (!inside) return ['the skip link did not move the focus into the content']
  await page.keyboard.press('Tab')
  const next = await page.evaluate(() => document.querySelector('nav.rail')?.contains(document.activeElement) ?? false)
  return next ? ['Tab after the skip link goes to the navigation'] : []
}

/** `/`, a port, Enter; then again with an address. Keys that are typed into the field do nothing else. */
export async function checkSearch(page: Page): Promise<string[]> {
  const faults: string[] = []
  for (const [typed, path] of [
    ['tcp/23', '/observe/ports/tcp/23'], ['240.0.0.1', '/observe/sources/240.0.0.1'], ['smtp', '/observe/ports/tcp/25'], ['old-mill', '/observe/sensors'],
  ] as const) {
    await page.keyboard.press('/')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type(typed)
    // Names of sensors come from the node.
    await page.getByRole('dialog').locator('li a').first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => decodeURIComponent(url.pathname) === path).catch(() => faults.push(`/ ${typed} led to ${pathOf(page)}`))
    await settled(page)
  }
  return faults
}

/** Dialog and menu: opened by Enter, left by Escape, and the focus is where it was. */
export async function checkOverlays(page: Page): Promise<string[]> {
  const faults: string[] = []
  for (const opener of ['.topbar button', 'figure.figure-card .figure-head button']) {
    const button = page.locator(opener).first()
    await button.focus()
    await page.keyboard.press('Enter')
    const over = page.locator('[role=dialog], [role=menu]').first()
    await over.waitFor()
    if (!await over.evaluate((element) => element.contains(document.activeElement))) faults.push(`${opener}: the focus is not in what it opened`)
    await page.keyboard.press('Escape')
    await over.waitFor({ state: 'detached' })
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)))
    if (!await button.evaluate((element) => element === document.activeElement)) faults.push(`${opener}: Escape does not give the focus back`)
  }
  return faults
}
