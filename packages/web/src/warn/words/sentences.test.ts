import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { languages, type FindingView, type Language } from '@hirundo/contract'
import { createTranslator } from 'use-intl'
import { loadMessages } from '../../text/languages.ts'
import { makeFormat } from '../../text/make-format.ts'
import type { Text } from '../../text/text.tsx'
import { findingSentence } from './finding-sentence.ts'
import { isQuiet, lastedText } from './going-on.ts'
import { titleOf } from './subject.ts'

const texts = new Map<Language, Text>()
before(async () => {
  for (const language of languages) {
    const translate = createTranslator({ locale: language, messages: await loadMessages(language) as never })
    texts.set(language, (key, values) => translate(key as never, values as never))
  }
})
const textOf = (language: Language): Text => texts.get(language)!
const view = (part: Partial<FindingView>): FindingView => ({
  kind: 'scan', subject: { source: '240.0.0.1', protocol: 'tcp', port: 23 }, start: '2026-01-05T10:00:00Z', end: '2026-01-05T10:01:00Z', open: false, packets: 12,
  figures: {}, sources: 1, sensors: null, members: [], detector: { version: 1, parameters: {}, precision: { confirmed: 0, dismissed: 0, precision: null } }, ...part,
} as unknown as FindingView)
const said = (language: Language, part: Partial<FindingView>) => findingSentence(view(part), makeFormat(language, 'UTC'), textOf(language))

test('a scan whose sensors are not known is not said to have reached none', () => {
  for (const language of languages) {
    assert.doesNotMatch(said(language, {}).split('UTC').at(-1)!, /(?<!\d)0(?!\d)/, language)
    assert.match(said(language, { sensors: 3 }), /3/, language)
  }
  assert.match(said('en', {}), /: 12 packets\. /)
  assert.match(said('en', { sensors: 3 }), /: 12 packets to 3 sensors\. /)
})

test('a scan by ICMP names the protocol, and floods of two protocols are told apart', () => {
  for (const language of languages) {
    const t = textOf(language)
    assert.match(titleOf('scan', { source: '240.0.0.1', protocol: 'icmp' }, t), /ICMP/, language)
    assert.match(said(language, { subject: { source: '240.0.0.1', protocol: 'icmp' } }), /ICMP/, language)
    assert.match(titleOf('scan', { source: '240.0.0.1', protocol: 'tcp', port: 23 }, t), /tcp\/23/, language)
    const flood = (protocol: string) => [titleOf('rsdos', { victim: '240.0.0.9', protocol }, t), said(language, { kind: 'rsdos', subject: { victim: '240.0.0.9', protocol }, sensors: 2 })]
    for (const text of flood('udp')) assert.match(text, /UDP/, language)
    assert.notDeepEqual(flood('udp'), flood('tcp'))
  }
  assert.equal(titleOf('scan', { source: '240.0.0.1', protocol: 'icmp' }, textOf('en')), '240.0.0.1 scans by ICMP')
  assert.equal(titleOf('scan', { source: '240.0.0.1', protocol: '47' }, textOf('en')), '240.0.0.1 scans by IP 47')
  assert.equal(titleOf('scan', { source: '240.0.0.1' }, textOf('en')), '240.0.0.1 scans many ports')
})

test('what goes on and was silent for a while says when its last known packet came, and not that it took a minute', () => {
  const [one, format] = [{ open: true, start: '2026-01-05T10:00:00Z', end: '2026-01-05T10:01:00Z' }, makeFormat('en', 'UTC')]
  const at = (now: string, part = {}) => lastedText({ ...one, ...part }, Date.parse(now), format, textOf('en'))
  assert.equal(at('2026-01-05T10:15:00Z'), 'going on, 1 minute so far')
  assert.equal(at('2026-01-05T13:00:00Z'), 'going on, last known packet 10:01')
  assert.equal(at('2026-01-06T02:00:00Z'), 'going on, last known packet 05 Jan 2026, 10:01 UTC')
  assert.equal(at('2026-01-06T02:00:00Z', { open: false }), 'lasted 1 minute')
  assert.equal(isQuiet({ ...one, open: false }, Date.parse('2026-01-06T02:00:00Z')), false)
})
