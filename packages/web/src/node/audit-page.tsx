import { listAudit, type AuditEntryView } from '@hirundo/contract'
import { useFormat } from '../text/format.ts'
import { useText, type Text } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Select } from '../ui/field.tsx'
import { Page } from '../ui/page.tsx'
import { Answered, Empty } from '../ui/state.tsx'
import { Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { actionTexts } from './action-texts.ts'
import { ParamLink } from './param-link.tsx'
import { useNames } from './use-names.ts'
import { rows_max, usePages } from './use-pages.ts'
import { useParam } from './use-param.ts'
import './node.css'

const ALL = 'all'
export const actionText = (action: string, t: Text): string => {
  const key = actionTexts[action]
  return key === undefined ? action : t(key)
}

/** Who changed what, and when? */
export function AuditPage() {
  const t = useText()
  const format = useFormat()
  const nameOf = useNames()
  const [action, choose] = useParam('action')
  const [entry_id, open] = useParam('entry')
  const { answer, has_more, busy, more } = usePages(listAudit, action === undefined ? {} : { action })
  const entries = answer.data?.flatMap((page) => page.entries)
  const [latest] = entries ?? []
  const entry = entries?.find(({ id }) => String(id) === entry_id)
  const actions = [...new Set([...Object.keys(actionTexts), ...(action === undefined ? [] : [action])])]
  return (
    <Page name={t('shell.audit')}
      sentence={latest ? t('node.audit_latest', { when: format.instant(latest.at), action: actionText(latest.action, t), actor: actorText(latest.actor, nameOf, t) }) : t('node.audit_sentence')}
      filters={<div className="filter"><Select label={t('node.audit_action')} value={action ?? ALL} onChange={(next) => choose(next === ALL ? undefined : next)}
        choices={[{ id: ALL, label: t('node.audit_all') }, ...actions.map((id) => ({ id, label: actionText(id, t) })).toSorted((a, b) => a.label.localeCompare(b.label))]} /></div>}>
      <Answered answer={{ ...answer, data: entries }}>{(all) => all.length === 0
        ? <Empty title={t('node.audit_none')}><Button onPress={() => choose(undefined)}>{t('node.audit_all')}</Button></Empty>
        : <EntryTable entries={all} nameOf={nameOf} />}</Answered>
      {has_more && <div><Button isPending={busy} onPress={more}>{t('node.audit_older')}</Button></div>}
      {entry && <EntryDrawer entry={entry} nameOf={nameOf} onClose={() => open(undefined)} />}
    </Page>
  )
}

type NameOf = (id: string) => string | undefined

/** Who did it: a person or token by name where the reader may know it. */
function actorText(actor: string, nameOf: NameOf, t: Text): string {
  if (actor === 'system') return t('node.actor_system')
  const name = nameOf(actor)
  if (name !== undefined) return name
  return t(actor.startsWith('person:') ? 'node.actor_person' : actor.startsWith('sensor:') ? 'node.actor_sensor' : 'node.actor_token')
}

function Who({ actor, nameOf }: { readonly actor: string; readonly nameOf: NameOf }) {
  const t = useText()
  const known = nameOf(actor) !== undefined
  return <span data-value={known ? true : undefined}>{actorText(actor, nameOf, t)}</span>
}

function Subject({ subject, nameOf }: { readonly subject: string; readonly nameOf: NameOf }) {
  const name = nameOf(subject)
  return name === undefined ? <code>{subject}</code> : <span data-value>{name}</span>
}

function EntryTable({ entries, nameOf }: { readonly entries: readonly AuditEntryView[]; readonly nameOf: NameOf }) {
  const t = useText()
  return (
    <Table caption={t('node.audit_table')} caption_hidden cards rows_shown_max={rows_max} rows={entries} row_key={({ id }) => String(id)} columns={[
      { id: 'at', head: t('node.audit_when'), cell: ({ at }) => <Time at={at} seconds /> },
      { id: 'actor', head: t('node.audit_who'), cell: ({ actor }) => <Who actor={actor} nameOf={nameOf} /> },
      { id: 'action', head: t('node.audit_what'), row_head: true, cell: ({ id, action }) => <ParamLink name="entry" value={String(id)}><span data-value={action in actionTexts ? undefined : true}>{actionText(action, t)}</span></ParamLink> },
      { id: 'subject', head: t('node.audit_subject'), cell: ({ subject }) => <Subject subject={subject} nameOf={nameOf} /> },
    ]} />
  )
}

function EntryDrawer({ entry, nameOf, onClose }: { readonly entry: AuditEntryView; readonly nameOf: NameOf; readonly onClose: () => void }) {
  const t = useText()
  const name = nameOf(entry.subject)
  return (
    <Dialog title={actionText(entry.action, t)} drawer isOpen onClose={onClose}>
      <dl className="facts">
        <div><dt>{t('node.audit_when')}</dt><dd><Time at={entry.at} seconds /></dd></div>
        <div><dt>{t('node.audit_who')}</dt><dd><Who actor={entry.actor} nameOf={nameOf} /><code className="block">{entry.actor}</code></dd></div>
        <div><dt>{t('node.audit_action')}</dt><dd><code>{entry.action}</code></dd></div>
        <div><dt>{t('node.audit_subject')}</dt><dd>{name !== undefined && <span className="block" data-value>{name}</span>}<code>{entry.subject}</code></dd></div>
        <div><dt>{t('node.audit_number')}</dt><dd data-value>{entry.id}</dd></div>
      </dl>
      {Object.keys(entry.detail).length > 0 && <section className="section" aria-labelledby="audit-detail">
        <h3 id="audit-detail">{t('node.audit_detail')}</h3>
        <pre className="code" data-value tabIndex={0} aria-labelledby="audit-detail">{JSON.stringify(entry.detail, null, 2)}</pre>
      </section>}
    </Dialog>
  )
}
