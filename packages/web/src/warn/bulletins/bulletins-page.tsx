import { bulletinStates, listBulletins, type BulletinState, type CallOutput } from '@hirundo/contract'
import { Link } from '@tanstack/react-router'
import { rows_max, usePages } from '../../node/use-pages.ts'
import { useParam } from '../../node/use-param.ts'
import { useFormat, type Format } from '../../text/format.ts'
import { useReader, useText, type Text } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Segmented } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered, Empty } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { SeverityMark, TlpLabel } from '../words/marks.tsx'
import '../warn.css'
import { BulletinStateMark, Deliveries } from './bulletin-parts.tsx'

type Bulletin = CallOutput<typeof listBulletins>['bulletins'][number]
const ALL = 'all'

function sentenceOf(bulletins: readonly Bulletin[] | undefined, failed: boolean, format: Format, t: Text): string {
  if (bulletins === undefined) return t(failed ? 'top.sentence_failed' : 'bulletins.loading')
  const drafts = bulletins.filter(({ state }) => state === 'draft').length
  const last = bulletins.filter(({ state, released_at }) => state === 'released' && released_at !== null).toSorted((a, b) => (a.released_at! < b.released_at! ? 1 : -1))[0]
  return t('bulletins.sentence', { drafts, has_last: last ? 'yes' : 'no', number: last?.number ?? '', title: last?.title ?? '', at: last ? format.instant(last.released_at!) : '', by: last?.released_by ?? '' })
}

function BulletinTable({ bulletins }: { readonly bulletins: readonly Bulletin[] }) {
  const t = useText()
  return (
    <Table cards caption={t('bulletins.name')} caption_hidden rows_shown_max={rows_max} rows={bulletins} row_key={({ id }) => id} columns={[
      { id: 'title', head: t('bulletins.title'), row_head: true, cell: ({ id, number, title }) => <><Link to="/warn/bulletins/$id" params={{ id } as never} data-value>{title}</Link><span className="quiet block small" data-value>{number}</span></> },
      { id: 'tlp', head: t('warn.tlp'), cell: ({ tlp }) => <TlpLabel tlp={tlp} /> },
      { id: 'severity', head: t('warn.severity'), cell: ({ severity }) => <SeverityMark severity={severity} /> },
      { id: 'state', head: t('warn.state'), cell: ({ state }) => <BulletinStateMark state={state} /> },
      { id: 'drafted', head: t('bulletins.drafted'), cell: ({ created_at, created_by }) => <><Time at={created_at} both={false} /><span className="quiet block small" data-value>{created_by}</span></> },
      { id: 'released', head: t('bulletins.released'), cell: ({ released_at, released_by }) => <><Time at={released_at} />{released_by !== null && <span className="quiet block small" data-value>{released_by}</span>}</> },
      { id: 'deliveries', head: t('bulletins.deliveries'), cell: ({ deliveries }) => <Deliveries deliveries={deliveries} /> },
    ]} />
  )
}

/** What was warned of, who released it, and what still waits for a person? */
export function BulletinsPage() {
  const t = useText()
  const format = useFormat()
  const { locale } = useReader()
  const [wanted, choose] = useParam('state')
  const state = bulletinStates.find((one) => one === wanted)
  const { answer, has_more, busy, more } = usePages(listBulletins, { language: locale, ...(state === undefined ? {} : { state }) })
  const bulletins = answer.data?.flatMap((page) => page.bulletins)
  return (
    <Page name={t('bulletins.name')} sentence={sentenceOf(bulletins, answer.error !== null, format, t)}
      filters={<Segmented<BulletinState | typeof ALL> label={t('warn.state')} value={state ?? ALL} onChange={(next) => choose(next === ALL ? undefined : next)}
        choices={[{ id: ALL, label: t('bulletins.all') }, ...bulletinStates.map((id) => ({ id, label: t(`bulletins.state_${id}`) }))]} />}>
      <Answered answer={{ ...answer, data: bulletins }} lines={8}>
        {(all) => (all.length === 0 ? <Empty title={t('bulletins.none')}><p>{t('bulletins.none_text')}</p><Link to="/warn">{t('bulletins.to_board')}</Link></Empty> : <BulletinTable bulletins={all} />)}
      </Answered>
      {has_more && <div><Button isPending={busy} onPress={more}>{t('ui.more')}</Button></div>}
    </Page>
  )
}
