import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  bulletinSlots, bulletinStates, Change, channels, DetectorView, dismissals, EvidenceQuery, figureNames, findingKinds, findingStates, forecastModels, languages, severities, tlps,
} from '@hirundo/contract'
import { texts as en } from '@hirundo/contract/catalogues/web/en'
import { texts as ja } from '@hirundo/contract/catalogues/web/ja'
import { texts as ko } from '@hirundo/contract/catalogues/web/ko'
import { texts as hans } from '@hirundo/contract/catalogues/web/zh-hans'
import { texts as hant } from '@hirundo/contract/catalogues/web/zh-hant'
import { tellingFigures } from './why.ts'

/** Names of a shape that takes one of several. */
const namesOf = (shape: object): readonly string[] => (shape as { readonly enum: readonly string[] }).enum
const underscored = (name: string): string => name.replaceAll('-', '_')
const keys = (prefix: string, names: readonly string[], suffix = ''): string[] => names.map((name) => `${prefix}${underscored(name)}${suffix}`)

test('whatever the node may say of a finding has its words in every language', () => {
  const wanted = [
    ...figureNames.map((name) => `warn.figure.${name}`), ...keys('warn.kind_', findingKinds), ...keys('warn.kind_', findingKinds, '_about'), ...keys('warn.title_', findingKinds), ...keys('warn.seen_', findingKinds),
    ...keys('warn.severity_', severities), ...keys('warn.state_', findingStates), ...keys('warn.act_', findingStates), ...keys('warn.moved_', findingStates),
    ...keys('warn.dismissal_', dismissals), ...keys('warn.dismissal_', dismissals, '_hint'), ...keys('warn.change_', namesOf(Change.properties.what)),
    ...keys('warn.detector_', namesOf(DetectorView.properties.state)), ...keys('warn.evidence_', namesOf(EvidenceQuery.properties.of)), ...keys('forecasts.model_', forecastModels),
    ...keys('bulletins.slot_', bulletinSlots), ...keys('bulletins.state_', bulletinStates), ...keys('subscriptions.channel_', channels),
    ...tlps.map((tlp) => `bulletins.tlp_${tlp.slice(4).toLowerCase().replace('+', '_')}`),
  ]
  for (const [language, texts] of Object.entries({ en, ja, ko, 'zh-Hans': hans, 'zh-Hant': hant })) {
    assert.ok((languages as readonly string[]).includes(language))
    assert.deepEqual(wanted.filter((key) => !Object.hasOwn(texts, key)), [], language)
  }
})

test('every kind says why it is on the board by figures of its own, and never by an amplification that is none', () => {
  const figures = Object.fromEntries(figureNames.map((name) => [name, 1]))
  for (const kind of findingKinds) assert.ok(tellingFigures({ kind, figures, crossed: [], packets: 1, sources: 1, sensors: 1, max_ppm: 1 }, 2).length === 2, kind)
  const drdos = tellingFigures({ kind: 'drdos', figures: { requests: 440, amplification: 0.85 }, crossed: [], packets: 440, sources: null, sensors: 2, max_ppm: null }, 2)
  assert.deepEqual(drdos.map(({ name }) => name), ['requests', 'sensors'])
})
