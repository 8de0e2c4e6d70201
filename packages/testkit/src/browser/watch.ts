import type { BrowserContext, Page } from './chromium.ts'

/** One thing that a page must not do. */
export interface Fault {
  readonly what: 'console' | 'exception' | 'policy' | 'other-host' | 'answer'
  readonly text: string
}

export interface Watch {
  /** What went wrong since the last call. */
  take(): readonly Fault[]
}

const text_max = 400
const firstLine = (text: string): string => text.split('\n')[0]!.slice(0, text_max)
const local = new Set(['data:', 'blob:', 'about:'])

function watchPage(page: Page, origin: string, note: (fault: Fault) => void): void {
  page.on('console', (message) => {
    if (message.type() === 'error') note({ what: 'console', text: `${firstLine(message.text())} (${message.location().url})` })
  })
  page.on('pageerror', (error) => note({ what: 'exception', text: error.stack ?? error.message }))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin !== origin && !local.has(url.protocol)) note({ what: 'other-host', text: request.url() })
  })
  page.on('response', (response) => {
    if (response.status() >= 400) note({ what: 'answer', text: `${response.status()} ${response.request().method()} ${response.url()}` })
  })
}

/**
 * Notes what any page of a profile does wrong: errors on the console, exceptions, violations of the content security
 * policy, requests to anybody but the node at `origin`, answers of 400 and more.
 */
export async function watchProfile(context: BrowserContext, origin: string): Promise<Watch> {
  let faults: Fault[] = []
  const note = (fault: Fault): void => void faults.push(fault)
  context.on('page', (page) => watchPage(page, origin, note))
  await context.exposeBinding('hirundoPolicy', (_, text: string) => note({ what: 'policy', text }))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const tell = (window as unknown as { hirundoPolicy: (text: string) => void }).hirundoPolicy
      tell(`${event.effectiveDirective}: ${event.blockedURI} (${event.sourceFile}:${event.lineNumber}) ${event.sample}`)
    })
  })
  return {
    take() {
      const taken = faults
      faults = []
      return taken
    },
  }
}
