import { listFindings, type FindingKind } from '@hirundo/contract'
import { spans } from '@hirundo/figures'
import { Link } from '@tanstack/react-router'
import { rows_max, usePages } from '../../node/use-pages.ts'
import { useParam } from '../../node/use-param.ts'
import { FollowLinks } from '../../observe/figure/follow-links.tsx'
import { figureQuery } from '../../observe/figure/figure-query.ts'
import { useFormat } from '../../text/format.ts'
import { useReader, useText, type Text } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { Segmented } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered, Empty } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { countText, type Finding } from '../words/finding.ts'
import { SeverityMark } from '../words/marks.tsx'
import { portText, titleOf } from '../words/subject.ts'
import '../warn.css'
import { groupings, queryOf, type Grouping } from './campaigns-query.ts'

const PICTURED_MAX = 25

/** In a figure of campaigns alone each is named by its ports: the word for campaign would crowd them out of a narrow screen. */
const figureLabel = (kind: FindingKind, subject: Finding['subject'], t: Text): string => (kind === 'campaign' && portText(subject, t)) || shortTitle(kind, subject, t)

/** Without the signature, which has a column of its own. */
const shortTitle = (kind: FindingKind, subject: Finding['subject'], t: Text): string => titleOf(kind, { ...subject, signature: '' }, t)

/** When each of them ran, the newest first. */
function WhenFigure({ findings, grouping }: { readonly findings: readonly Finding[]; readonly grouping: Grouping }) {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const title = t('warn.campaigns_when')
  const shown = findings.slice(0, PICTURED_MAX)
  const [from, to] = [shown.reduce((least, { start }) => (start < least ? start : least), shown[0]!.start), shown.reduce((most, { end }) => (end > most ? end : most), shown[0]!.end)]
  return (
    <FigureCard note={t('warn.campaigns_note', { n: shown.length, zone })}
      data={{
        id: 'campaigns-when', title, query: figureQuery(listFindings, { query: { ...queryOf(grouping), limit: PICTURED_MAX } }), from, to, coverage: null, simulated: findings.some(({ simulated }) => simulated), note: null,
        columns: [{ key: 'what', label: t('warn.finding') }, { key: 'start', label: t('warn.since') }, { key: 'end', label: t('warn.until') }, { key: 'packets', label: t('ui.packets') }],
        rows: shown.map(({ kind, subject, start, end, packets }) => ({ what: titleOf(kind, subject, t), start, end, packets })),
      }}
      draw={(width) => spans({
        id: 'campaigns-when', title, width, desc: t('warn.campaigns_desc', { n: shown.length, from: format.instant(from), to: format.instant(to) }), from_ms: Date.parse(from), to_ms: Date.parse(to), locale, zone, texts: { value: t('ui.packets') },
        rows: shown.map(({ id, kind, subject, start, end, packets }) => ({
          key: id, label: figureLabel(kind, subject, t), spans: [{ from_ms: Date.parse(start), to_ms: Date.parse(end) }], value_text: format.compact(packets), href: `/warn/findings/${id}`,
          text: t('warn.campaign_row', { what: titleOf(kind, subject, t), since: format.instant(start), until: format.instant(end), packets: format.number(packets) }),
        })),
      })} />
  )
}

function Groups({ findings }: { readonly findings: readonly Finding[] }) {
  const t = useText()
  const format = useFormat()
  const counted = (value: number | undefined) => <span data-value>{value === undefined ? '—' : format.number(value)}</span>
  return (
    <Table cards caption={t('warn.campaigns_table')} caption_hidden rows_shown_max={rows_max} rows={findings} row_key={({ id }) => id} columns={[
      { id: 'what', head: t('warn.finding'), row_head: true, cell: ({ id, kind, subject }) => <><Link to="/warn/findings/$id" params={{ id } as never}>{shortTitle(kind, subject, t)}</Link></> },
      { id: 'signature', head: t('warn.signature'), cell: ({ subject }) => (subject.signature === undefined ? <span data-value>{portText(subject, t) || '—'}</span> : <code>{subject.signature}</code>) },
      { id: 'members', head: t('warn.figure.members'), number: true, cell: ({ figures, sources }) => counted(figures?.['members'] ?? figures?.['synchronised_sources'] ?? sources ?? undefined) },
      { id: 'ports', head: t('warn.figure.ports'), number: true, cell: ({ figures, subject }) => counted(figures?.['ports'] ?? (subject.port === undefined ? undefined : 1)) },
      { id: 'packets', head: t('ui.packets'), number: true, cell: ({ packets }) => counted(packets) },
      { id: 'since', head: t('warn.since'), cell: ({ start }) => <Time at={start} both={false} /> },
      { id: 'severity', head: t('warn.severity'), cell: ({ severity }) => <SeverityMark severity={severity} /> },
    ]} />
  )
}

/** Who scans together, with what, since when? Records, which raise nobody, are here too. */
export function CampaignsPage() {
  const t = useText()
  const format = useFormat()
  const [wanted, choose] = useParam('of')
  const grouping: Grouping = groupings.find((one) => one === wanted) ?? 'together'
  const { answer, has_more, busy, more } = usePages(listFindings, queryOf(grouping))
  const findings = answer.data?.flatMap((page) => page.findings)
  const running = findings?.filter(({ open }) => open).length ?? 0
  return (
    <Page name={t('warn.campaigns')} sentence={answer.data === undefined ? t(answer.error ? 'top.sentence_failed' : 'warn.campaigns_loading') : t(`warn.campaigns_sentence_${grouping}`, { n: answer.data[0]!.total, count: countText(answer.data[0]!, format), running })}
      filters={<Segmented<Grouping> label={t('warn.campaigns_of')} value={grouping} onChange={(next) => choose(next === 'together' ? undefined : next)} choices={groupings.map((id) => ({ id, label: t(`warn.campaigns_${id}`) }))} />}>
      <Answered answer={{ ...answer, data: findings }} lines={10}>
        {(all) => (all.length === 0 ? <Empty title={t('warn.campaigns_none')}><p>{t('warn.campaigns_none_text')}</p><Link to="/warn/detectors">{t('warn.to_detectors')}</Link></Empty> : (
          <FollowLinks><WhenFigure findings={all} grouping={grouping} /><Groups findings={all} /></FollowLinks>
        ))}
      </Answered>
      {has_more && <div><Button isPending={busy} onPress={more}>{t('ui.more')}</Button></div>}
    </Page>
  )
}
