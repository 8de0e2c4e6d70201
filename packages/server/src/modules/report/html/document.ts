import { createHash } from 'node:crypto'
import type { QuarterReport } from '@hirundo/contract'
import type { Words } from '../texts.ts'
import { html, trusted } from './html.ts'
import { overview } from './overview.ts'
import { newPage } from './parts.ts'
import { coverage, findings, method, sensors } from './rest.ts'
import { reportStyle } from './style.ts'

export interface ReportDocument {
  /** A whole page: no script, nothing from elsewhere. */
  readonly text: string
  /** Allows its one style sheet by hash and nothing else. */
  readonly content_security_policy: string
}

/** The name that a new node gives its organisation: no team is called so. */
const UNNAMED = 'default'
const issued = (organisation: string, words: Words) => (organisation === UNNAMED ? undefined : html`<p>${words.say('author', { organisation })}</p>`)

/** The report as one self-contained page of HTML, for screen and paper. */
export function reportDocument(report: QuarterReport, words: Words): ReportDocument {
  const page = newPage(report, words)
  const style = reportStyle(report.language, { head: report.title, mark: report.simulated ? words.say('simulated') : '' })
  const allowed = `'sha256-${createHash('sha256').update(style).digest('base64')}'`
  const sections = [overview(page), findings(page), sensors(page), coverage(page), method(page)]
  const body = html`<!doctype html>
<html lang="${report.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${allowed}"><title>${report.title}</title><style>${trusted(style)}</style></head>
<body><header><h1>${report.title}</h1>${issued(report.organisation, words)}<p>${words.say('written', { at: words.minute(report.written_at) })}</p></header>
<main>${report.simulated ? html`<p class="simulated"><strong>${words.say('simulated')}</strong>${words.say('simulated_text')}</p>` : undefined}
${report.complete ? undefined : html`<p class="running">${words.say('running', { to: words.minute(report.to) })}</p>`}
<p class="summary">${report.summary}</p>
${sections}</main></body></html>
`
  return { text: body.text, content_security_policy: `default-src 'none'; style-src ${allowed}; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox` }
}
