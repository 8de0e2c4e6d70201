import type { HeardRow } from '@hirundo/contract'
import { Link } from '@tanstack/react-router'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useWidth } from '../../ui/use-width.ts'
import { sourceAddress } from '../figure/addresses.ts'
import type { Asking } from '../question/question.ts'
import { functionName } from './function-names.ts'
import { heardRankings, keyText, ofText, type HeardTab } from './heard-rankings.ts'
import { ShareBar } from './share-bar.tsx'

interface CellProps {
  readonly what: HeardTab
  readonly row: HeardRow
  readonly asking: Asking
}

/** A text that strangers wrote: as they wrote it, never a link, and its white space kept. */
const Said = ({ text }: { readonly text: string }) => {
  const t = useText()
  return text === '' ? <span className="quiet">{t('answering.empty_value')}</span> : <code className="said">{text}</code>
}

function KeyCell({ what, row, asking }: CellProps) {
  const t = useText()
  if (row.key === null) return <span className="quiet">{t('answering.hidden')}</span>
  if (what === 'sources') return <Link to={sourceAddress(row.key, asking.search) as never} data-value>{row.key}</Link>
  const shown = keyText(what, row)
  if (what === 'functions') {
    const known = functionName(row.of ?? '', row.key)
    return (
      <span className="heard-function">
        <span lang="en" data-value>{shown}</span>{known && <code className="quiet">{row.key}</code>}
        {known?.acts && <span className="person">{t('answering.acts')}</span>}
      </span>
    )
  }
  return (
    <span className="heard-key">
      <Said text={shown} />
      {heardRankings[what].copied && row.key !== '' && <CopyButton text={row.key} what={shown} />}
    </span>
  )
}

/** Below it a row says only what it is and how much. */
const NARROW_PX = 640
const wide_only: ReadonlySet<string> = new Set(['rank', 'requests', 'sensors', 'first'])
/** Only UDP records fold several requests into one: elsewhere it would be the same figure twice. */
const counts_requests: ReadonlySet<HeardTab> = new Set(['protocols', 'sources', 'payloads'])

/** The rows of a ranking with what can be done with each. */
export function HeardTable({ what, rows, asking, title }: { readonly what: HeardTab; readonly rows: readonly HeardRow[]; readonly asking: Asking; readonly title: string }) {
  const t = useText()
  const format = useFormat()
  const { head, of: of_head } = heardRankings[what]
  const most = rows.reduce((max, { interactions }) => Math.max(max, interactions), 0)
  const [element, width] = useWidth<HTMLDivElement>()
  const number = (value: number) => <span data-value>{format.number(value)}</span>
  const named: readonly Column<HeardRow>[] = [
    { id: 'key', head: t(head), row_head: true, cell: (row) => <KeyCell what={what} row={row} asking={asking} /> },
    ...(of_head === undefined || rows.every(({ key }) => key === null) ? [] : [{ id: 'of', head: t(of_head), cell: ({ of, key }: HeardRow) => (
      key === null ? <span className="quiet">{t('answering.hidden')}</span> : of === null ? <span data-value>—</span> : <Said text={ofText(what, of) ?? ''} />
    ) }]),
  ]
  const columns: readonly Column<HeardRow>[] = [
    { id: 'rank', head: t('ui.rank'), number: true, cell: ({ rank }) => <span className="quiet" data-value>{rank}</span> },
    // A login is read user first; else what is ranked stands first.
    ...(what === 'credentials' ? named.toReversed() : named),
    { id: 'interactions', head: t('answering.interactions'), number: true, cell: ({ interactions }) => <span className="bar-and-number"><ShareBar value={interactions} of={most} />{number(interactions)}</span> },
    ...(counts_requests.has(what) ? [{ id: 'requests', head: t('answering.requests'), number: true, cell: ({ requests }: HeardRow) => number(requests) }] : []),
    { id: 'sources', head: t('ui.sources'), number: true, cell: ({ sources }) => number(sources) },
    { id: 'sensors', head: t('answering.sensors'), number: true, cell: ({ sensors }) => number(sensors) },
    { id: 'first', head: t('answering.first_seen'), cell: ({ first_seen }) => <Time at={first_seen} both={false} /> },
    { id: 'last', head: t('answering.last_seen'), cell: ({ last_seen }) => <Time at={last_seen} both={false} /> },
  ]
  const shown = columns.filter(({ id }) => !(what === 'sources' && id === 'sources') && !(width < NARROW_PX && wide_only.has(id)))
  return <div ref={element}>{width > 0 && <Table cards caption={title} caption_hidden rows={rows} row_key={({ rank }) => String(rank)} columns={shown} />}</div>
}
