import { listDetectors, type CallOutput, type DetectorView } from '@hirundo/contract'
import { useAnswer } from '../../api/api.ts'
import { ParamLink } from '../../node/param-link.tsx'
import { useParam } from '../../node/use-param.ts'
import { useFormat, type Format } from '../../text/format.ts'
import { useText, type Text } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { MuteSection } from '../mutes/mute-table.tsx'
import { underscored } from '../words/subject.ts'
import '../warn.css'
import { DetectorDrawer } from './detector-drawer.tsx'
import { DetectorState, Precise, shedOf } from './detector-parts.tsx'

const ASKED_EVERY_MS = 15_000
const SHORT_MS = 12 * 3_600_000
type Detectors = CallOutput<typeof listDetectors>

function sentenceOf(found: Detectors | undefined, failed: boolean, format: Format, t: Text): string {
  if (found === undefined) return t(failed ? 'top.sentence_failed' : 'warn.detectors_loading')
  const { detectors } = found
  const sum = (of: (one: DetectorView) => number) => detectors.reduce((total, one) => total + of(one), 0)
  const [confirmed, dismissed] = [sum(({ precision }) => precision.confirmed), sum(({ precision }) => precision.dismissed)]
  const newest = detectors.flatMap(({ window_to }) => window_to ?? []).toSorted().at(-1)
  return t('warn.detectors_sentence', {
    ok: detectors.filter(({ state }) => state === 'ok').length, learning: detectors.filter(({ state }) => state === 'learning').length, n: detectors.length, alarms: format.decimal(sum(({ alarms_per_day }) => alarms_per_day)),
    judged: confirmed + dismissed, share: confirmed + dismissed === 0 ? '' : format.percent(confirmed / (confirmed + dismissed)),
    has_window: newest === undefined ? 'no' : 'yes', window: newest === undefined ? '' : format.instant(newest),
  })
}

/** A short window as `14:21 – 20 Nov 2026, 14:31 JST`, a long one from its day. */
function Window({ from, to }: { readonly from: string | null; readonly to: string | null }) {
  const format = useFormat()
  if (from === null || to === null) return <span data-value>—</span>
  const begin = Date.parse(to) - Date.parse(from) < SHORT_MS ? format.minute(from) : format.day(from)
  return <span className="nowrap" data-value title={`${format.utc(from)} – ${format.utc(to)}`}>{begin} – {format.instant(to)}</span>
}

// What does not run must not be looked for.
const order = ['failed', 'late', 'waiting', 'learning', 'ok'] as const

function DetectorTable({ detectors }: { readonly detectors: readonly DetectorView[] }) {
  const t = useText()
  const format = useFormat()
  return (
    <Table cards caption={t('warn.detectors')} caption_hidden rows={detectors.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))} row_key={({ kind }) => kind} columns={[
      { id: 'kind', head: t('warn.detector'), row_head: true, cell: ({ kind }) => <ParamLink name="show" value={kind}>{t(`warn.kind_${underscored(kind)}`)}</ParamLink> },
      { id: 'state', head: t('warn.state'), cell: (detector) => <DetectorState detector={detector} /> },
      { id: 'run', head: t('warn.last_run'), cell: ({ last_run_at }) => <Time at={last_run_at} both={false} seconds /> },
      { id: 'window', head: t('warn.window'), cell: ({ window_from, window_to }) => <Window from={window_from} to={window_to} /> },
      { id: 'alarms', head: t('warn.alarms_per_day'), number: true, cell: ({ alarms_per_day }) => <span data-value>{format.decimal(alarms_per_day)}</span> },
      { id: 'findings', head: t('warn.findings_30_days'), number: true, cell: ({ findings_30_days }) => <span data-value>{format.number(findings_30_days)}</span> },
      { id: 'precision', head: t('warn.precision'), cell: ({ precision }) => <span className="nowrap"><Precise precision={precision} /></span> },
      { id: 'shed', head: t('warn.shed'), number: true, cell: (detector) => <span className={shedOf(detector) > 0 ? 'loss' : undefined} data-value>{format.number(shedOf(detector))}</span> },
    ]} />
  )
}

/** Does everything watch, how often does it raise somebody, and how often was it right? */
export function DetectorsPage() {
  const t = useText()
  const format = useFormat()
  const answer = useAnswer(listDetectors, {}, { every_ms: ASKED_EVERY_MS })
  const [shown, show] = useParam('show')
  const detector = answer.data?.detectors.find(({ kind }) => kind === shown)
  return (
    <Page name={t('warn.detectors')} sentence={sentenceOf(answer.data, answer.error !== null, format, t)}>
      <Answered answer={answer} lines={10}>
        {({ detectors, addresses, late_replays }) => (
          <div className="stack">
            <DetectorTable detectors={detectors} />
            <p className="figure-note">{t('warn.detectors_note', { has_addresses: addresses === null ? 'no' : 'yes', addresses: addresses ?? 0, replays: late_replays })}</p>
          </div>
        )}
      </Answered>
      <MuteSection />
      {detector && <DetectorDrawer detector={detector} onClose={() => show(undefined)} />}
    </Page>
  )
}
