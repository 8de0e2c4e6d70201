import { figureRules, printPalette } from '@hirundo/figures'
import type { Language } from '@hirundo/contract'

const fonts: Readonly<Record<Language, string>> = {
  en: '"Noto Sans", "Segoe UI", "Helvetica Neue", Arial, sans-serif',
  ja: '"Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", Meiryo, sans-serif',
  ko: '"Noto Sans KR", "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif',
  'zh-Hans': '"Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif',
  'zh-Hant': '"Noto Sans TC", "Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei", sans-serif',
}

/** Where lines may break: Korean between words, Japanese by the strict rules (JIS X 4051), Chinese by the normal ones. */
const breaks: Readonly<Record<Language, string>> = {
  en: 'hyphens: auto;', ja: 'line-break: strict; word-break: normal; text-spacing-trim: trim-start;', ko: 'word-break: keep-all; line-break: strict;',
  'zh-Hans': 'line-break: strict; text-spacing-trim: trim-start;', 'zh-Hant': 'line-break: strict; text-spacing-trim: trim-start;',
}

/** A string of CSS: everything but letters and digits by number, so that no text ends it or the sheet. */
const cssText = (value: string): string =>
  `"${[...value].map((sign) => (/[\p{L}\p{N} ]/u.test(sign) ? sign : `\\${sign.codePointAt(0)!.toString(16)} `)).join('')}"`

const p = printPalette

/** The style sheet of a report; `margin` texts stand at the edges of each printed page. */
export const reportStyle = (language: Language, margin: { readonly head: string, readonly mark: string }): string => `
:root { color-scheme: light; }
* { box-sizing: border-box; }
html { background: #fff; color: ${p.ink}; font: 10.5pt/1.6 ${fonts[language]}; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0 auto; max-width: 46em; padding: 2.5em 1.5em; ${breaks[language]} overflow-wrap: break-word; text-wrap: pretty; orphans: 3; widows: 3; }
h1 { font-size: 1.75em; line-height: 1.3; margin: 0 0 .3em; text-wrap: balance; }
h2 { font-size: 1.25em; line-height: 1.4; margin: 2.2em 0 .6em; padding-top: .5em; border-top: 1px solid ${p.ink}; }
h3 { font-size: 1.05em; line-height: 1.4; margin: 1.8em 0 .4em; }
h2, h3 { break-after: avoid; break-inside: avoid; }
h2 .number, h3 .number { color: ${p.muted}; font-weight: 400; margin-right: .6em; font-variant-numeric: tabular-nums; }
p { margin: 0 0 .8em; }
header p { color: ${p.muted}; margin: 0; }
.summary { font-size: 1.15em; line-height: 1.6; margin: 1.4em 0 0; }
.simulated { margin: 1.4em 0 0; padding: .6em .9em; border: 1px solid ${p.warn}; border-left-width: 4px; }
.simulated strong { color: ${p.warn}; margin-right: .5em; }
.running { color: ${p.warn}; margin: 1em 0 0; }
ul { list-style: none; margin: 0 0 .8em; padding-left: 1.1em; } li { position: relative; margin: 0 0 .2em; break-inside: avoid; }
li::before { content: ""; position: absolute; left: -.85em; top: .68em; width: .28em; height: .28em; border-radius: 50%; background: ${p.muted}; }
figure { margin: 1.4em 0; break-inside: avoid; } figure svg { display: block; max-width: 100%; height: auto; }
figcaption, caption { color: ${p.ink}; font-size: .92em; font-weight: 600; text-align: left; caption-side: top; padding: 0 0 .5em; break-after: avoid; }
.note { color: ${p.muted}; font-size: .88em; margin: .4em 0 0; }
table { border-collapse: collapse; width: 100%; margin: 1.4em 0 .4em; font-size: .92em; line-height: 1.45; font-variant-numeric: tabular-nums; }
table.short { break-inside: avoid; } p:has(+ .wide), p:has(+ figure) { break-after: avoid; }
thead { display: table-header-group; } tr { break-inside: avoid; }
th { color: ${p.muted}; font-weight: 400; text-align: left; vertical-align: bottom; border-bottom: 1px solid ${p.ink}; }
th, td { padding: .3em 1.3em .3em 0; } td { border-bottom: 1px solid ${p.grid}; vertical-align: top; }
th.number, td.number { text-align: right; white-space: nowrap; } th.number { white-space: normal; } th:last-child, td:last-child { padding-right: 0; }
td.name { white-space: nowrap; } th.number.rank, td.rank { width: 1%; white-space: nowrap; } td.flow { line-height: 1.6; } td .item { white-space: nowrap; margin-right: .8em; } td .item i { color: ${p.muted}; font-style: normal; font-size: .85em; margin-right: .3em; }
code { font-size: .9em; overflow-wrap: anywhere; }
footer { margin-top: 2.5em; color: ${p.muted}; font-size: .88em; }
${figureRules((name) => p[name])}
.figure, .figure text { font-family: ${fonts[language]}; }
@page { size: A4; margin: 20mm 19mm 22mm;
  @top-left { content: ${cssText(margin.head)}; font: 8pt ${fonts[language]}; color: ${p.muted}; }
  @top-right { content: ${cssText(margin.mark)}; font: 8pt ${fonts[language]}; color: ${p.warn}; }
  @bottom-center { content: counter(page) "\\2009/\\2009" counter(pages); font: 8pt ${fonts[language]}; color: ${p.muted}; } }
@page :first { @top-left { content: none; } }
@media print { html { font-size: 9.5pt; } body { max-width: none; padding: 0; } .simulated { break-inside: avoid; } }
@media screen and (max-width: 600px) { html { font-size: 11pt; } body { padding: 1.2em 1em; } .wide, figure { overflow-x: auto; } figure svg { max-width: none; } }
`
