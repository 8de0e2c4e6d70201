import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { economyName } from './index.ts'
import { startDoors, type Doors } from './testing/doors.ts'

/** A public list of a forum's members, kept outside the repository; without it there is nothing to try. */
const file = new URL('../../../../../../shared/data/apcert-members.json', import.meta.url)
const skip = existsSync(file) ? false : 'the list of members is not here'

let doors: Doors
before(async () => {
  if (!skip) doors = await startDoors()
})
after(() => doors?.stop())

interface Member {
  readonly team: string
  readonly economy_apcert: string
  readonly economy_ja: string
  readonly iso3166_alpha2: string
}

test('a real list of members: economies are shared, so none of them routes anything, and names are those of the forum', { skip }, async () => {
  const { members, team_count, economy_count } = JSON.parse(readFileSync(file, 'utf8')) as { members: readonly Member[]; team_count: number; economy_count: number }
  const named = (field: 'economy_apcert' | 'economy_ja') => Object.fromEntries(members.map((one) => [one.iso3166_alpha2, one[field]]))
  const economy_names = { en: named('economy_apcert'), ja: named('economy_ja') }
  const forum = (await doors.must('POST', '/communities', { name: 'A forum', short_name: 'FORUM', economy_names })).id
  const claims: { id: string; economy: string }[] = []
  for (const { team, iso3166_alpha2: economy } of members) {
    const id = await doors.team(team, { economy })
    claims.push({ id: (await doors.must('POST', `/teams/${id}/constituencies`, { kind: 'economy', value: economy })).id, economy })
    await doors.must('POST', `/communities/${forum}/events`, { team: id, kind: 'joined', at: '2024-03-01T00:00:00Z' })
  }
  assert.deepEqual([members.length, Object.keys(economy_names.en).length], [team_count, economy_count])
  const { overlaps } = await doors.must('GET', '/constituencies/overlaps')
  const shared = [...Map.groupBy(members, (one) => one.iso3166_alpha2).values()].filter((teams) => teams.length > 1)
  assert.deepEqual([shared.length, overlaps.length], [9, 9])
  // Of two that share an economy the second is not verified without the agreement of both.
  const answers = []
  for (const { id } of claims) answers.push((await doors.ask('POST', `/constituencies/${id}/decision`, { state: 'verified', how: 'law' })).code)
  assert.equal(answers.filter((code) => code === 'constituency/overlaps').length, 9)
  for (const economy of Object.keys(economy_names.en)) assert.deepEqual((await doors.must('GET', `/constituencies/owner?address=203.0.113.9&asn=64500&economy=${economy}`)).owners, [])
  const seen = await doors.must('GET', `/communities/${forum}`)
  assert.deepEqual([seen.members, seen.suspended], [team_count, 0])
  for (const one of members) assert.deepEqual([economyName(seen.economy_names, one.iso3166_alpha2, 'en-GB'), economyName(seen.economy_names, one.iso3166_alpha2, 'ja')], [one.economy_apcert, one.economy_ja])
})
