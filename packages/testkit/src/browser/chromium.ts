import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'

export type { Browser, BrowserContext, Page }

const LAUNCH_MS_MAX = 30_000
/** A page that is not there by then is broken: the machine may be loaded, so this is no measurement. */
const STEP_MS_MAX = 20_000

/**
 * Nothing but this machine can be reached, whatever the page asks for: `localhost` is the node (a passkey needs a
 * name that is a domain), every other name and address is unknown.
 */
const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]

/** A headless browser of this machine; `extra` are more of its flags. */
export const launchBrowser = (executable: string, extra: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: executable, headless: true, args: [...flags, ...extra], timeout: LAUNCH_MS_MAX })

/** How a reader sees the node. */
export interface Look {
  /** One of ours, or `x-pseudo`: English with every message marked and 40 % longer. */
  readonly language: string
  readonly theme: 'light' | 'dark'
  readonly width: number
  /** IANA name. */
  readonly zone: string
}

export const plainLook: Look = { language: 'en', theme: 'light', width: 1440, zone: 'Asia/Tokyo' }
const HEIGHT = 900
export const PSEUDO = 'x-pseudo'

/** An empty profile, as that of a reader on another machine. */
export async function newProfile(browser: Browser, base_url: string, look: Look, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: base_url, locale: look.language === PSEUDO ? 'en' : look.language, colorScheme: look.theme, timezoneId: look.zone,
    viewport: { width: look.width, height: HEIGHT }, reducedMotion: 'reduce', ...options,
    ...(look.language === PSEUDO ? { storageState: { cookies: [], origins: [{ origin: base_url, localStorage: [{ name: 'hirundo.language', value: PSEUDO }] }] } } : {}),
  })
  context.setDefaultTimeout(STEP_MS_MAX)
  return context
}
