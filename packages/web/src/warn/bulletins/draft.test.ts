import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languages, type BulletinText, type BulletinView } from '@hirundo/contract'
import { emptyDraft, isChanged, rebased } from './draft.ts'

const text = (more: Partial<BulletinText> = {}): BulletinText => ({ title: 'T', what: 'W', since: '', affected: '', evidence: 'E', certainty: '', action: '', indicators: '', ...more })
const view = (more: Partial<BulletinText> = {}, version = 1): BulletinView => ({ tlp: 'TLP:AMBER', version, texts: Object.fromEntries(languages.map((one) => [one, text(more)])) }) as unknown as BulletinView

test('own changes stand on top of what somebody saved meanwhile, and only what both changed is a conflict', () => {
  const mine = { ...emptyDraft(view()), texts: { en: text({ title: 'Mine', what: 'My words' }), ja: text({ title: 'J' }) } }
  const { draft, conflicts } = rebased(mine, view({ title: 'Theirs', evidence: 'More' }, 2))
  assert.deepEqual(draft.texts.en, text({ title: 'Mine', what: 'My words', evidence: 'More' }), 'nothing of either is lost')
  assert.deepEqual(conflicts, [{ language: 'en', slot: 'title', theirs: 'Theirs' }, { language: 'ja', slot: 'title', theirs: 'Theirs' }])
  assert.equal(draft.base.version, 2, 'the next save names the version that was seen')
})

test('who typed the same has no conflict and nothing left to save', () => {
  const { draft, conflicts } = rebased({ ...emptyDraft(view()), texts: { ko: text({ what: 'Same' }) }, tlp: 'TLP:GREEN' }, { ...view({ what: 'Same' }, 2), tlp: 'TLP:GREEN' })
  assert.deepEqual([conflicts, draft.texts, isChanged(draft)], [[], {}, false])
})
