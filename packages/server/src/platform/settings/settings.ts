import { fail, ok, type Result, type World } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import type { Kysely } from 'kysely'
import { Value } from 'typebox/value'
import { writeAudit } from '../audit.ts'
import { platformDb } from '../db/tables.ts'
import { handle, type Actor, type Handler, type Setting, type Settings } from '../module.ts'

type Stored = { readonly value: unknown; readonly changed_at: Date }

const find = (db: Kysely<unknown>, key: string): Promise<Stored | undefined> =>
  platformDb(db).selectFrom('setting').select(['value', 'changed_at']).where('key', '=', key).executeTakeFirst()

const view = (setting: Setting, stored: Stored | undefined): contract.SettingView => ({
  key: setting.key,
  summary: setting.summary,
  value: stored ? stored.value : setting.default,
  default: setting.default,
  changed_at: stored?.changed_at.toISOString() ?? null,
})

/** Values of settings; one that an older version stored and this one no longer allows counts as its default. */
export function makeSettings(db: Kysely<unknown>): Settings {
  return {
    async get(setting) {
      const stored = await find(db, setting.key)
      return (stored && Value.Check(setting.schema, stored.value) ? stored.value : setting.default) as never
    },
  }
}

async function put(db: Kysely<unknown>, world: World, actor: Actor, setting: Setting, value: unknown): Promise<Result<contract.SettingView>> {
  if (!Value.Check(setting.schema, value)) {
    const [first] = Value.Errors(setting.schema, value)
    return fail('setting/invalid', { key: setting.key, reason: first?.message ?? 'has another type' })
  }
  return db.transaction().execute(async (t) => {
    const before = await find(t, setting.key)
    const row = { key: setting.key, value: JSON.stringify(value), changed_at: new Date(world.now()), changed_by: actor.actor_id }
    await platformDb(t).insertInto('setting').values(row)
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: row.value, changed_at: row.changed_at, changed_by: row.changed_by }))
      .execute()
    await writeAudit(t, world, {
      organisation_id: actor.organisation_id, actor: actor.actor_id, action: 'setting.change', subject: setting.key,
      detail: { from: before ? before.value : setting.default, to: value },
    })
    return ok(view(setting, await find(t, setting.key)))
  })
}

export function settingsHandlers(db: Kysely<unknown>, world: World, settings: readonly Setting[]): readonly Handler[] {
  return [
    handle(contract.listSettings, async () =>
      ok({ settings: await Promise.all(settings.map(async (setting) => view(setting, await find(db, setting.key)))) })),
    handle(contract.putSetting, async ({ params, body }, { actor }) => {
      const setting = settings.find((one) => one.key === params.key)
      return setting ? put(db, world, actor!, setting, body.value) : fail('setting/not-found')
    }),
  ]
}
