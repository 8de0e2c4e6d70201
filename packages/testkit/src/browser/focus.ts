import type { Page } from './chromium.ts'

/** What the keyboard has reached. */
export interface FocusStop {
  /** The same element has the same number as long as it is in the page. */
  readonly id: number
  readonly name: string
  readonly inView: boolean
  /** How it looks; it must look otherwise when the focus has left it. */
  readonly look: string
}

interface FocusWindow extends Window {
  hirundoStops: Element[]
  hirundoLook(element: Element): string
}

/** Runs in the page: forgets the stops of an earlier walk. */
function beginWalk(): void {
  const here = window as unknown as FocusWindow
  here.hirundoStops = []
  here.hirundoLook = (element) => {
    // A hidden input is drawn by what is around it: the mark may be there.
    const drawn = [element, element.parentElement, element.parentElement?.parentElement, element.nextElementSibling].filter((one) => one instanceof Element)
    return drawn.map((one) => {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor, borderColor, textDecorationLine, stroke, strokeWidth } = getComputedStyle(one)
      return [outlineStyle === 'none' ? '' : `${outlineStyle} ${outlineWidth} ${outlineColor}`, boxShadow, backgroundColor, borderColor, textDecorationLine, stroke, strokeWidth].join(' ')
    }).join(';')
  }
}

/** Runs in the page: the focused element, or undefined when the focus is outside the page's elements. */
function readFocus(): FocusStop | undefined {
  const element = document.activeElement
  if (!element || element === document.body || element === document.documentElement) return undefined
  const { hirundoStops: stops, hirundoLook } = window as unknown as FocusWindow
  if (!stops.includes(element)) stops.push(element)
  const rect = element.getBoundingClientRect()
  const shown = rect.width > 1 ? rect : (element.closest('label') ?? element).getBoundingClientRect()
  const label = element.getAttribute('aria-label') ?? element.textContent ?? ''
  return {
    id: stops.indexOf(element), look: hirundoLook(element),
    name: `<${element.localName}${element.id === '' ? '' : `#${element.id}`}> "${label.trim().replace(/\s+/g, ' ').slice(0, 60)}"`,
    inView: shown.bottom > 0 && shown.top < innerHeight && shown.right > 0 && shown.left < innerWidth,
  }
}

/** Runs in the page: how the element with this number looks now; undefined when it has gone. */
function readLook(id: number): string | undefined {
  const { hirundoStops, hirundoLook } = window as unknown as FocusWindow
  const element = hirundoStops[id]
  return element?.isConnected ? hirundoLook(element) : undefined
}

/** Widgets that are one stop; inside them the arrow keys go on (WAI-ARIA Authoring Practices). */
const composites = '[role=radiogroup], [role=toolbar], [role=tablist], [role=listbox], [role=menu], [role=grid]'

/** Runs in the page: what the mouse can reach and the Tab key has not. */
function readMissed(composite: string): string[] {
  const reached = (window as unknown as FocusWindow).hirundoStops
  const wanted = 'a[href], button:not([disabled]), input:not([disabled]):not([type=hidden]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex="0"]'
  return [...document.querySelectorAll(wanted)].filter((element) => {
    if (reached.includes(element) || element.getAttribute('tabindex') === '-1' || !element.checkVisibility({ visibilityProperty: true })) return false
    if (element.closest('[inert], [aria-hidden=true]')) return false
    const group = element.closest(composite)
    return !(group && reached.some((other) => group.contains(other)))
  }).map((element) => `<${element.localName}> "${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 60)}"`)
}

const stops_max = 400

export interface FocusWalk {
  readonly stops: readonly FocusStop[]
  readonly faults: readonly string[]
}

/**
 * Presses `key` (Tab or Shift+Tab) from where the focus is until it has left the page or come round. Faults: a stop that
 * is not in view or does not look focused, elements that were left out, a walk that does not end.
 */
export async function walkFocus(page: Page, key: 'Tab' | 'Shift+Tab'): Promise<FocusWalk> {
  const stops: FocusStop[] = []
  const faults: string[] = []
  await page.evaluate(beginWalk)
  for (;;) {
    await page.keyboard.press(key)
    let stop = await page.evaluate(readFocus)
    if (!stop && stops.length === 0) {
      // Where the last walk ended the first step may lead out of the page; the next one leads in again.
      await page.keyboard.press(key)
      stop = await page.evaluate(readFocus)
    }
    const last = stops.at(-1)
    if (last && last.id !== stop?.id && await page.evaluate(readLook, last.id) === last.look) faults.push(`${last.name} does not look focused`)
    if (!stop || stop.id === stops[0]?.id) break
    if (stops.some(({ id }) => id === stop.id)) {
      faults.push(`the focus is trapped: it came back to ${stop.name} after ${last?.name}`)
      break
    }
    if (!stop.inView) faults.push(`${stop.name} has the focus and is not in view`)
    stops.push(stop)
    if (stops.length > stops_max) {
      faults.push(`the walk did not end after ${stops_max} stops`)
      break
    }
  }
  faults.push(...(await page.evaluate(readMissed, composites)).map((name) => `${name} is never reached by ${key}`))
  return { stops, faults }
}

/** Runs in the page. */
const inFocus = (element: Element): boolean => element === document.activeElement

/** In every group of one stop the arrow keys reach the next member. */
export async function checkArrows(page: Page): Promise<string[]> {
  const faults: string[] = []
  for (const group of await page.locator('main').locator('[role=radiogroup], [role=toolbar], [role=tablist]').all()) {
    const members = await group.locator('button:not([disabled]), input:not([disabled])').all()
    if (members.length < 2) continue
    await members[0]!.focus()
    await page.keyboard.press('ArrowRight')
    if (await members[0]!.evaluate(inFocus)) faults.push(`the arrow key does not leave the first of ${await group.getAttribute('aria-label')}`)
  }
  return faults
}
