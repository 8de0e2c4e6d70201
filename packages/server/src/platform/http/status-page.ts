import { spaced } from '@hirundo/base'
import { isMessageKey, message, type Language, type MessageKey, type NodeStatus } from '@hirundo/contract'

export type StatusView = NodeStatus

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text: string) => text.replace(/[&<>"']/g, (c) => entities[c]!)

function duration(seconds: number, language: Language): string {
  const units = [['day', 86_400], ['hour', 3600], ['minute', 60]] as const
  const parts = units.map(([unit, size], i) => {
    const count = Math.floor((i === 0 ? seconds : seconds % units[i - 1]![1]) / size)
    return { count, text: spaced(new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count), language) }
  })
  const first = parts.findIndex(({ count }) => count > 0)
  return new Intl.ListFormat(language, { type: 'unit' }).format(parts.slice(first < 0 ? -1 : first).map(({ text }) => text))
}

/** The status page: no script, no style of its own, nothing that names a sensor. */
export function statusPage(view: StatusView, language: Language): string {
  const text = (key: MessageKey, values?: Record<string, number>) => escape(message(language, key, values))
  const fact = (key: MessageKey, value: string) => `<div><dt>${text(key)}</dt><dd>${value}</dd></div>`
  const partName = (name: string) => {
    const key = `status.part.${name}`
    return isMessageKey(key) ? text(key) : escape(name)
  }
  const part = ({ name, ok }: { name: string; ok: boolean }) =>
    `<li class="${ok ? 'ok' : 'failed'}"><span>${partName(name)}</span> ${text(ok ? 'status.page.part_ok' : 'status.page.part_failed')}</li>`
  const { sensors } = view
  const simulated = sensors.simulated > 0
    ? `<p class="simulated" role="note">${text('status.page.simulated', { count: sensors.simulated })}</p>` : ''
  const pending = sensors.pending > 0 ? fact('status.page.sensors_pending', String(sensors.pending)) : ''
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="60"><title>${text('status.page.title')}</title><link rel="stylesheet" href="/status.css">
</head>
<body>
${simulated}<main>
<h1>${text('status.page.title')}</h1>
<p class="sentence${view.ready ? '' : ' failed'}">${text(view.ready ? 'status.page.ready' : 'status.page.not_ready')}</p>
<dl>
${fact('status.page.sensors', text('status.page.sensors_live', sensors))}
${pending}${fact('status.page.version', escape(view.version))}
${fact('status.page.started', `<time datetime="${view.started_at}">${view.started_at.slice(0, 16).replace('T', ' ')} UTC</time>`)}
${fact('status.page.uptime', escape(duration(view.uptime_s, language)))}
${fact('status.page.fingerprint', `<code>${view.fingerprint}</code>`)}
</dl>
<h2>${text('status.page.parts')}</h2>
<ul>${view.checks.map(part).join('')}</ul>
<h2>${text('status.page.links')}</h2>
<p class="links"><a href="/openapi.json">${text('status.page.api')}</a> <a href="/operators-guide.md">${text('status.page.guide')}</a> <a href="/metrics">${text('status.page.metrics')}</a></p>
</main>
</body>
</html>
`
}

export const statusStyle = `:root { color-scheme: light dark; --ink: #1d2329; --quiet: #5d6873; --line: #dde1e5; --paper: #fbfcfc; --accent: #23578f; --person: #8a5a00; --loss: #a3261d }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe4e8; --quiet: #98a3ad; --line: #313a42; --paper: #14191d; --accent: #86b4e6; --person: #e0b25a; --loss: #ef8a80 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/20px system-ui, sans-serif; font-variant-numeric: tabular-nums }
:lang(ja) { font-family: "Noto Sans JP", "Hiragino Sans", system-ui, sans-serif; line-break: strict }
:lang(ko) { font-family: "Noto Sans KR", "Apple SD Gothic Neo", system-ui, sans-serif; word-break: keep-all }
:lang(zh-Hans) { font-family: "Noto Sans SC", "PingFang SC", system-ui, sans-serif }
:lang(zh-Hant) { font-family: "Noto Sans TC", "PingFang TC", system-ui, sans-serif }
main { max-width: 44rem; margin: 0 auto; padding: 3rem 1.25rem }
h1 { margin: 0; font: inherit; color: var(--quiet) }
h2 { margin: 2rem 0 .5rem; font: inherit; font-weight: 600 }
.sentence { margin: .25rem 0 2rem; font-size: 20px; line-height: 28px }
.simulated { margin: 0; padding: .5rem 1.25rem; border-bottom: 2px dashed var(--person); color: var(--person); text-align: center }
dl { margin: 0 }
dl div { display: flex; flex-wrap: wrap; gap: 0 1.5rem; padding: .5rem 0; border-top: 1px solid var(--line) }
dt { flex: 0 0 14rem; color: var(--quiet) }
dd { margin: 0; flex: 1 1 16rem; overflow-wrap: anywhere }
code { font-size: 13px }
ul { margin: 0; padding: 0; list-style: none }
li { padding: .5rem 0; border-top: 1px solid var(--line); color: var(--quiet) }
li span { display: inline-block; min-width: 16rem; color: var(--ink) }
.failed, li.failed { color: var(--loss) }
.links a { margin-right: 1.5rem; color: var(--accent); text-underline-offset: 3px }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
`
