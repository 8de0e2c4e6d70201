import { drdosAttacks } from '@hirundo/contract'
import { rankBars } from '@hirundo/figures'
import { Link } from '@tanstack/react-router'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useWidth } from '../../ui/use-width.ts'
import { heardFigure } from '../answering/heard-data.ts'
import { ShareBar } from '../answering/share-bar.tsx'
import { exploreAddress, sourceAddress } from '../figure/addresses.ts'
import type { Asking } from '../question/question.ts'
import { drdosCommand, drdosInput, type Attack, type AttacksProps } from './drdos-input.ts'

const ROWS_SHOWN = 20
const PICTURE_ROWS = 50
/** Below it a row says only who, by what, how much and when. */
const NARROW_PX = 700
const wide_only: ReadonlySet<string> = new Set(['densest', 'sensors', 'ports'])

/** Where the victim's address is; what is not known is left out. */
export const locationOf = ({ economy, asn }: Attack): string => [economy === 'ZZ' ? '' : economy, asn === 0 ? '' : `AS${asn}`].filter((part) => part !== '').join(' ')

function Located({ attack: { economy, asn, as_name }, asking }: { readonly attack: Attack; readonly asking: Asking }) {
  const t = useText()
  if (economy === 'ZZ' && asn === 0) return <span className="quiet">{t('ui.unknown')}</span>
  return (
    <span className="located">
      {economy !== 'ZZ' && <Link to={exploreAddress('economy', [economy], asking.search) as never} data-value>{economy}</Link>}
      {asn !== 0 && <Link to={exploreAddress('asn', [String(asn)], asking.search) as never} data-value>{`AS${asn}`}</Link>}
      {asn !== 0 && <span className="quiet" data-value>{as_name}</span>}
    </span>
  )
}

const durationOf = ({ start, end }: Attack): number => Math.max(0, (Date.parse(end) - Date.parse(start)) / 1000)

function useColumns(asking: Asking, attacks: readonly Attack[]): readonly Column<Attack>[] {
  const t = useText()
  const format = useFormat()
  const most = attacks.reduce((max, { requests }) => Math.max(max, requests), 0)
  const number = (value: number) => <span data-value>{format.number(value)}</span>
  return [
    { id: 'victim', head: t('drdos.victim'), row_head: true, cell: ({ victim }) => <Link to={sourceAddress(victim, asking.search) as never} data-value>{victim}</Link> },
    { id: 'located', head: t('drdos.located'), cell: (attack) => <Located attack={attack} asking={asking} /> },
    { id: 'protocol', head: t('ui.protocol'), cell: ({ protocol }) => <code className="nowrap">{protocol}</code> },
    { id: 'requests', head: t('answering.requests'), number: true, cell: ({ requests }) => <span className="bar-and-number"><ShareBar value={requests} of={most} />{number(requests)}</span> },
    { id: 'densest', head: t('drdos.densest'), number: true, cell: ({ max_ppm }) => number(max_ppm) },
    { id: 'start', head: t('drdos.start'), cell: ({ start }) => <Time at={start} seconds /> },
    { id: 'duration', head: t('drdos.duration'), cell: (attack) => <span className="nowrap" data-value>{format.duration(durationOf(attack))}</span> },
    { id: 'sensors', head: t('answering.sensors'), number: true, cell: ({ sensors }) => number(sensors) },
    { id: 'ports', head: t('drdos.victim_ports'), cell: ({ victim_ports }) => <span className="nowrap" data-value>{victim_ports.join(', ')}</span> },
    { id: 'state', head: t('drdos.state'), cell: ({ running }) => (running ? <span className="status person">{t('drdos.running')}</span> : <span className="quiet">{t('drdos.ended')}</span>) },
  ]
}

/** The settings that the figures were made with: they stand beside them. */
export function SettingsText({ answer: { data: { settings } } }: Pick<AttacksProps, 'answer'>) {
  const t = useText()
  const format = useFormat()
  return <>{t('drdos.settings', { definition: settings.definition, packets: format.number(settings.packets_min), gap: format.number(settings.gap_s) })}</>
}

/** Every attack on one line, the largest first. */
export function AttackTable(props: AttacksProps) {
  const t = useText()
  const format = useFormat()
  const { asking, answer } = props
  const { attacks, total, settings } = answer.data
  const title = t('drdos.table')
  const columns = useColumns(asking, attacks)
  const [element, width] = useWidth<HTMLDivElement>()
  const data = heardFigure(drdosAttacks, drdosInput(props), answer, {
    id: 'drdos-attacks', title,
    columns: [
      { key: 'victim', label: t('drdos.victim') }, { key: 'economy', label: t('ui.economy') }, { key: 'asn', label: t('ui.network') }, { key: 'as_name', label: t('top.detail') },
      { key: 'protocol', label: t('ui.protocol') }, { key: 'start', label: t('drdos.start') }, { key: 'end', label: t('drdos.end') }, { key: 'duration_s', label: t('drdos.duration') },
      { key: 'requests', label: t('answering.requests') }, { key: 'max_ppm', label: t('drdos.densest') }, { key: 'sensors', label: t('answering.sensors') },
      { key: 'bytes_in', label: t('answering.bytes_in') }, { key: 'bytes_out', label: t('answering.bytes_out') }, { key: 'victim_ports', label: t('drdos.victim_ports') },
      { key: 'running', label: t('drdos.running') }, { key: 'packets_min', label: t('drdos.packets_min') }, { key: 'gap_s', label: t('drdos.gap_s') },
    ],
    rows: attacks.map((attack) => ({
      ...attack, duration_s: durationOf(attack), victim_ports: attack.victim_ports.join(' '), packets_min: settings.packets_min, gap_s: settings.gap_s,
    })),
  })
  const [first] = attacks
  return (
    <FigureCard data={data} command={drdosCommand(props)} is_table note={<>
      <SettingsText answer={answer} />{total > attacks.length && <> · {t('drdos.shown', { shown: format.number(attacks.length), total: format.number(total) })}</>}
    </>} draw={(width) => rankBars({
      id: data.id, title, width, desc: first ? t('drdos.desc', { n: attacks.length, victim: first.victim, requests: format.number(first.requests) }) : '',
      texts: { value: t('answering.requests'), second: t('drdos.densest'), new: '', previous: () => '' },
      rows: attacks.slice(0, PICTURE_ROWS).map((attack, i) => ({
        key: String(i), rank: i + 1, label: attack.victim, detail: [locationOf(attack), attack.protocol].filter((part) => part !== '').join(' · '),
        value: attack.requests, value_text: format.number(attack.requests), second_text: format.number(attack.max_ppm),
      })),
    })}>
      <div ref={element}>{width > 0 && (
        <Table cards caption={title} caption_hidden rows_shown_max={ROWS_SHOWN} rows={attacks} row_key={({ victim, protocol, start }) => `${victim} ${protocol} ${start}`}
          columns={columns.filter(({ id }) => width >= NARROW_PX || !wide_only.has(id))} />
      )}</div>
    </FigureCard>
  )
}
