import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { unwrap } from '@hirundo/base'
import { labelPurposes, languages, layers, viewerRoles, type Viewer } from '@hirundo/contract'
import { IntlMessageFormat } from 'intl-messageformat'
import { texts as en } from '@hirundo/contract/catalogues/policy/en'
import { texts as ja } from '@hirundo/contract/catalogues/policy/ja'
import { texts as ko } from '@hirundo/contract/catalogues/policy/ko'
import { texts as zhHans } from '@hirundo/contract/catalogues/policy/zh-hans'
import { texts as zhHant } from '@hirundo/contract/catalogues/policy/zh-hant'
import { defaultPolicyText, NO_PERMIT, readPolicySet } from './cedar/policy-set.ts'
import { explain } from './explain.ts'
import { formatLabel } from './label-codec.ts'
import type { Label } from './label.ts'
import { preview } from './preview.ts'
import { teams, T0 } from './testing/arbitrary.ts'
import { PolicyKit } from './testing/kit.ts'
import { Verdicts } from './verdicts/verdicts.ts'
import { saysOf } from './words.ts'

let kit: PolicyKit
let organisation_id = 0
before(async () => {
  kit = await PolicyKit.start()
  organisation_id = await kit.organisation()
})
after(() => kit.stop())

const [us, them] = teams as [string, string]
const community = { founder: 'abcd-efgh-ijkl-mnop-qrst', id: us }
const label: Label = { tlp: 'TLP:AMBER', layer: 'operations', circle: { kind: 'community', ...community }, purpose: 'any' }
const suspended: Viewer = { team: them, own: false, role: 'analyst', layers: ['operations'], purposes: ['defence'], communities: [{ ...community, scopes: ['hotline'], carve_outs: ['public-advisories'] }] }
const ask = async (of: Label, viewer: Viewer) => {
  const { allowed, policies } = unwrap(await explain(kit.platform, organisation_id, { label: formatLabel(of), viewer, purpose: 'defence', at_ms: T0 }))
  return { allowed, ids: policies.map(({ id }) => id), says: policies.map(({ says }) => says) }
}

describe('the explanation', () => {
  it('names the policies that decide, and says each in five languages', async () => {
    const no = await ask(label, suspended)
    assert.deepEqual([no.allowed, no.ids], [false, ['circle-community', 'suspended']])
    assert.deepEqual(no.says.map(({ en }) => en), ['It is for a community in which the viewer’s team may not receive.', 'The viewer’s team is suspended from receiving in this community, and the suspension leaves this not open.'])
    assert.match(no.says[1]!.ja, /受信を停止/)
    const yes = await ask({ ...label, tlp: 'TLP:CLEAR', layer: 'public' }, suspended)
    assert.deepEqual([yes.allowed, yes.ids], [true, ['tlp-clear']])
    const late = await ask({ ...label, embargo_ms: T0 + 1 }, suspended)
    assert.ok(late.says[late.ids.indexOf('embargo')]!.ko.includes('2026-11-20T00:00:00.001Z'))
    const role = await ask({ ...label, tlp: 'TLP:RED', circle: { kind: 'teams', teams: [them] } }, { ...suspended, role: 'viewer' })
    assert.deepEqual([role.ids, role.says[0]!.en], [[NO_PERMIT], 'No policy lets the role “viewer” see what is TLP:RED.'])
  })

  it('has its own words for each policy, layer, purpose and role, and names no team or community', () => {
    const { policies } = unwrap(readPolicySet(defaultPolicyText))
    const other = saysOf('some-policy', label, suspended, 'defence')
    assert.match(other.en, /some-policy/)
    for (const { id } of [...policies, { id: NO_PERMIT }]) {
      for (const of of layers) for (const purpose of labelPurposes) for (const role of viewerRoles) {
        const says = saysOf(id, { ...label, layer: of, purpose }, { role }, 'clean-up')
        assert.equal(new Set(Object.values(says)).size >= 4, true, id)
        for (const language of languages) {
          assert.ok(says[language] !== other[language].replace('some-policy', id) && !/[{}]/.test(says[language]) && !says[language].includes(us) && !says[language].includes(community.founder), `${language} ${id} ${says[language]}`)
        }
      }
    }
  })

  it('exists in every language with the same values', () => {
    const keys = Object.keys(en).toSorted()
    const values = (text: string) => [...new Set(text.match(/\{[a-z]+\}/g))].toSorted()
    for (const texts of [ja, ko, zhHans, zhHant]) {
      assert.deepEqual(Object.keys(texts).toSorted(), keys)
      for (const [key, text] of Object.entries(texts)) {
        assert.deepEqual(values(text), values(en[key as keyof typeof en]), key)
        assert.doesNotThrow(() => new IntlMessageFormat(text, 'en'))
      }
    }
  })

  it('refuses what is no label and no viewer', async () => {
    const code = async (text: string, viewer: Viewer) => {
      const result = await explain(kit.platform, organisation_id, { label: text, viewer, purpose: 'defence', at_ms: T0 })
      return result.ok ? 'ok' : result.problem.code
    }
    assert.deepEqual([await code('TLP:AMBER', suspended), await code(formatLabel(label), { ...suspended, team: null })], ['label/invalid', 'request/invalid'])
  })
})

describe('the preview', () => {
  it('counts per label and kind, and says which of it the viewer sees', async () => {
    const mine = await kit.organisation()
    const [clear, amber] = [await kit.intern(mine, { ...label, tlp: 'TLP:CLEAR', layer: 'public' }), await kit.intern(mine, label)]
    const things = [{ kind: 'finding', counts: async (id: number) => new Map(id === mine ? [[clear, 3], [amber, 40]] : []) }, { kind: 'bulletin', counts: async () => new Map([[clear, 1]]) }]
    const shown = unwrap(await preview({ db: kit.postgres.db, verdicts: new Verdicts(kit.platform), things }, mine, suspended, 'defence'))
    assert.deepEqual(shown, { epoch: 1, labels: [
      { label: formatLabel({ ...label, tlp: 'TLP:CLEAR', layer: 'public' }), visible: true, policies: ['tlp-clear'], counts: { finding: 3, bulletin: 1 } },
      { label: formatLabel(label), visible: false, policies: ['circle-community', 'suspended'], counts: { finding: 40, bulletin: 0 } },
    ] })
  })
})
