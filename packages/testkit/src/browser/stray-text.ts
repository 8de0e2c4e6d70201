import type { Page } from './chromium.ts'

/** Around every message while the pages speak the pseudo-language; no catalogue and no data has them. */
const OPEN = '⟦'
const CLOSE = '⟧'

export interface Allowed {
  /** Words that data hold: names of sensors, services, networks, persons. */
  readonly data: readonly string[]
}

interface Found {
  readonly where: string
  readonly text: string
}

/** Runs in the page: every text that has letters outside the marks of the pseudo-language. */
function collectStray({ open, close }: { open: string; close: string }): Found[] {
  // The drawing of a figure is marked as a whole; of it only what is known to be data passes.
  const data = 'time, code, kbd, pre, samp, textarea, script, style, noscript, template, [translate=no], [data-value]:not(figure > *)'
  const found: Found[] = []
  const outside = (text: string): string => {
    let depth = 0
    let rest = ''
    for (const letter of text) {
      if (letter === open) depth += 1
      else if (letter === close) depth -= 1
      else rest += depth > 0 ? ' ' : letter
    }
    return rest
  }
  const note = (element: Element, attribute: string, text: string): void => {
    const rest = outside(text).trim()
    if (/\p{L}/u.test(rest)) found.push({ where: `<${element.localName}${element.id === '' ? '' : `#${element.id}`}${attribute === '' ? '' : ` ${attribute}`}>`, text: rest })
  }
  // A message with markup in it spans several nodes: marks are counted over the whole document.
  let depth = 0
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement!
    let rest = ''
    for (const letter of node.textContent!) {
      if (letter === open) depth += 1
      else if (letter === close) depth = Math.max(0, depth - 1)
      else rest += depth > 0 ? ' ' : letter
    }
    if (!parent.closest(data)) note(parent, '', rest)
  }
  for (const attribute of ['aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'title', 'placeholder', 'alt']) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      if (!element.closest('[data-value]:not(figure > *)')) note(element, attribute, element.getAttribute(attribute)!)
    }
  }
  note(document.documentElement, 'title', document.title)
  return found
}

/** What `Intl` writes by itself: months, days, halves of a day, zones, short forms of thousands, units of time. */
function intlWords(language: string): ReadonlySet<string> {
  const words = new Set(['UTC', 'GMT', 'T', 'Z', 'K', 'k', 'M', 'B', 's', 'h', 'd', 'min', 'ms', 'kB', 'MB', 'GB'])
  const add = (parts: readonly { value: string }[]): void => {
    for (const { value } of parts) for (const word of value.match(/\p{L}+/gu) ?? []) words.add(word)
  }
  for (const width of ['long', 'short', 'narrow'] as const) {
    const format = new Intl.DateTimeFormat(language, { weekday: width, day: 'numeric', month: width, year: 'numeric', hour: 'numeric', timeZoneName: 'short', timeZone: 'Asia/Tokyo' })
    for (let month = 0; month < 12; month++) for (const day of [1, 9, 17, 25]) add(format.formatToParts(Date.UTC(2026, month, day, day)))
  }
  for (const number of [1e3, 1e4, 1e6, 1e9]) {
    for (const compactDisplay of ['short', 'long'] as const) add(new Intl.NumberFormat(language, { notation: 'compact', compactDisplay }).formatToParts(number))
  }
  for (const type of ['conjunction', 'unit'] as const) add(new Intl.ListFormat(language, { type }).formatToParts(['1', '2', '3']))
  for (const unit of ['second', 'minute', 'hour', 'day'] as const) {
    for (const unitDisplay of ['long', 'short', 'narrow'] as const) {
      for (const n of [1, 2]) add(new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay }).formatToParts(n))
    }
    for (const style of ['long', 'short', 'narrow'] as const) add(new Intl.RelativeTimeFormat(language, { style }).formatToParts(-2, unit))
  }
  return words
}

/** Things that are written the same in every language: ports, networks, addresses, economies' codes, ids, zones. */
const technical = [
  /\b(tcp|udp|icmp|icmpv6|icmp6|gre|esp|sctp|ipv6-icmp)(\/[0-9]+){0,2}\b/gi, /\bAS\s?[0-9]+\b/g, /\bX[A-H]\b/g, /\b[0-9a-f]*:[0-9a-f:]+(\/\d+)?\b/gi,
  /\b[0-9a-f]{8}-[0-9a-f-]{27}\b/gi, /\b[A-Z][A-Za-z]+\/[A-Z][A-Za-z_]+\b/g, /\b[a-z-]+(:[a-z-]+)+\b/g, /\bHirundo\b/g, /\b(CSV|JSON|SVG|HTML|PDF|API)\b/g,
  /\b(Mirai|ZMap|Masscan)\b/g,
  /\bTLP:(CLEAR|GREEN|AMBER|RED)(\+STRICT)?/g, /\bHB-[0-9]{4}-[0-9]+\b/g,
  // A language calls itself by its own name in every language.
  /English|日本語|한국어|简体中文|繁體中文/g,
]

/**
 * Texts that a person sees or hears and that come from no catalogue, on a page that speaks the pseudo-language. Data are
 * let through where they are marked (`data-value`, time, code …), where `Intl` wrote them, and where they are known.
 */
export async function strayTexts(page: Page, language: string, allowed: Allowed): Promise<string[]> {
  const found = await page.evaluate(collectStray, { open: OPEN, close: CLOSE })
  const words = intlWords(language)
  const data = allowed.data.filter((text) => text !== '').toSorted((a, b) => b.length - a.length)
  const stray = found.filter(({ text }) => {
    let rest = text
    for (const known of data) rest = rest.replaceAll(known, ' ')
    for (const pattern of technical) rest = rest.replace(pattern, ' ')
    // A name that a narrow figure cut.
    rest = rest.replace(/([\p{L}\p{N}][\p{L}\p{N} .-]*)…/gu, (whole, start: string) => (data.some((known) => known.startsWith(start)) ? ' ' : whole))
    return (rest.match(/\p{L}+/gu) ?? []).some((word) => !words.has(word))
  })
  return [...new Set(stray.map(({ where, text }) => `${where} "${text.replace(/\s+/g, ' ').slice(0, 120)}"`))]
}
