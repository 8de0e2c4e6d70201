import type { Evidence } from '@hirundo/contract'
import type { FigureData } from '@hirundo/figures'
import { shareBars } from '@hirundo/figures'
import { useFormat } from '../../../text/format.ts'
import { useText } from '../../../text/text.tsx'
import { FigureCard } from '../../../ui/figure-card.tsx'
import { Table } from '../../../ui/table.tsx'
import { commandLine, type Asking } from '../../question/question.ts'
import { PieceHeard, Strength } from './piece-heard.tsx'
import { PieceTime } from './piece-time.tsx'
import { pieceKey } from './piece-key.ts'
import type { HeardOf } from './use-evidence.ts'

const ROWS_MAX = 10_000
const strengths = ['dialogue', 'completed', 'none'] as const

/** One line of a file for each piece. */
const rowOf = ({ logins, urls, facts, guess, ...piece }: Evidence): FigureData['rows'][number] => ({
  ...piece, guess: guess?.name ?? null, rule: guess?.rule ?? null, urls: urls.join(' '),
  logins: logins.map(({ user, password }) => (user === null ? '…' : `${user}/${password ?? ''}`)).join(' '),
  facts: Object.entries(facts).map(([name, value]) => `${name}=${value}`).join('; '),
})

const keys = [
  'at', 'clock_error_ms', 'src_port', 'transport', 'dst_port', 'protocol', 'handshake', 'sensor', 'requests', 'bytes_in', 'bytes_out', 'duration_ms', 'truncated', 'payload_sha256',
  'guess', 'rule', 'logins', 'urls', 'facts',
] as const

function PieceTable({ pieces, title }: { readonly pieces: readonly Evidence[]; readonly title: string }) {
  const t = useText()
  return (
    <Table cards caption={title} caption_hidden rows_shown_max={ROWS_MAX} rows={pieces} row_key={pieceKey} columns={[
      { id: 'at', head: t('heard.at'), row_head: true, cell: (piece) => <PieceTime piece={piece} opens /> },
      { id: 'ports', head: t('heard.ports'), cell: ({ src_port, dst_port, transport }) => (
        <span className="piece-ports"><code aria-hidden="true">{`${src_port} → ${transport}/${dst_port}`}</code><span className="sr">{t('heard.ports_text', { src: src_port, dst: `${transport}/${dst_port}` })}</span></span>
      ) },
      { id: 'strength', head: t('heard.strength'), cell: (piece) => <Strength piece={piece} /> },
      { id: 'heard', head: t('heard.what'), cell: (piece) => <PieceHeard piece={piece} /> },
      { id: 'sensor', head: t('ui.sensor'), cell: ({ sensor }) => <span data-value>{sensor}</span> },
    ]} />
  )
}

/** The pieces that were read so far, as a table and as files; the picture is how many there are of each strength. */
export function EvidenceList({ asking, heard: { first, pieces, query } }: { readonly asking: Asking; readonly heard: HeardOf }) {
  const t = useText()
  const format = useFormat()
  const title = t('heard.list')
  const { counts, source } = first.data
  const { from, to, sensors_heard, sensors_total, simulated } = first
  const data: FigureData = {
    id: `evidence-${source.replace(/[^\da-f]+/gi, '-')}`, title, query, from, to, coverage: { sensors_heard, sensors_total }, simulated, note: null,
    columns: keys.map((key) => ({ key, label: key })), rows: pieces.map(rowOf),
  }
  const whole = counts.none + counts.completed + counts.dialogue
  const text = { dialogue: format.number(counts.dialogue), completed: format.number(counts.completed), none: format.number(counts.none) }
  const picture = (width: number) => shareBars({
    id: 'evidence-strength', title, width, whole, desc: t('heard.list_desc', text),
    rows: strengths.map((strength) => ({
      key: strength, label: t(`answering.${strength}`), value: counts[strength], value_text: t('port.of_all', { n: text[strength], share: format.percent(whole > 0 ? counts[strength] / whole : 0) }),
    })),
  })
  return <FigureCard data={data} command={commandLine(`evidence ${source} --limit ${pieces.length}`, asking)} is_table note={t('heard.list_note')} draw={picture}><PieceTable pieces={pieces} title={title} /></FigureCard>
}
