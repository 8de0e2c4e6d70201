import { listPrecursors, type CallOutput } from '@hirundo/contract'
import { useAnswer } from '../../api/api.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Answered } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'

type Signal = CallOutput<typeof listPrecursors>['signals'][number]
const known = ['spike', 'new', 'change-point', 'synchronised', 'worm', 'campaign', 'rsdos', 'drdos', 'own-network', 'scan'] as const

/** A signal and an outcome are kinds of findings, or what an operator labelled. */
function Named({ name }: { readonly name: string }) {
  const t = useText()
  const kind = known.find((one) => one === name)
  return kind === undefined ? <span data-value>{name}</span> : <>{t(`warn.kind_${kind === 'change-point' ? 'change_point' : kind === 'own-network' ? 'own_network' : kind}`)}</>
}

function Lift({ signal: { lift, lift_low, lift_high } }: { readonly signal: Signal }) {
  const t = useText()
  const format = useFormat()
  if (lift === null) return <span data-value>—</span>
  // An interval that holds 1 says that it may be chance alone.
  const by_chance = lift_low !== null && lift_low <= 1
  return (
    <>
      <span data-value>{format.ratio(lift)}</span>
      {lift_low !== null && lift_high !== null && <span className="quiet block small" data-value>{format.ratio(lift_low)} – {format.ratio(lift_high)}</span>}
      {by_chance && <span className="person block small">{t('forecasts.may_be_chance')}</span>}
    </>
  )
}

/** What followed signals that came before: lead time, and how much more often than by chance. */
export function PrecursorsSection() {
  const t = useText()
  const format = useFormat()
  const answer = useAnswer(listPrecursors, {})
  const share = (value: number | null) => <span data-value>{value === null ? '—' : format.percent(value)}</span>
  return (
    <section className="section">
      <h2>{t('forecasts.precursors')}</h2>
      <Answered answer={answer} lines={4}>
        {({ signals: all, from, to, horizon_days }) => {
          // A pair of kinds that never came says nothing.
          const signals = all.filter(({ signals: n }) => n > 0)
          return signals.length === 0 ? <p className="quiet">{t('forecasts.precursors_none')}</p> : (
            <>
              <Table cards caption={t('forecasts.precursors')} caption_hidden rows={signals} row_key={({ signal, outcome }) => `${signal} ${outcome}`} columns={[
                { id: 'signal', head: t('forecasts.signal'), row_head: true, cell: ({ signal }) => <Named name={signal} /> },
                { id: 'outcome', head: t('forecasts.outcome'), cell: ({ outcome }) => <Named name={outcome} /> },
                { id: 'n', head: t('forecasts.followed'), number: true, cell: ({ followed, signals: n }) => <span data-value>{t('forecasts.followed_of', { followed: format.number(followed), n: format.number(n) })}</span> },
                { id: 'rate', head: t('forecasts.rate'), number: true, cell: ({ rate }) => share(rate) },
                { id: 'chance', head: t('forecasts.chance'), number: true, cell: ({ chance }) => share(chance) },
                { id: 'lift', head: t('forecasts.lift'), number: true, cell: (signal) => <Lift signal={signal} /> },
                { id: 'lead', head: t('forecasts.lead'), number: true, cell: ({ median_lead_s }) => <span data-value>{median_lead_s === null ? '—' : format.duration(median_lead_s)}</span> },
              ]} />
              <p className="figure-note">{t('forecasts.precursors_note', { from: format.day(from), to: format.day(to), days: horizon_days })}</p>
            </>
          )
        }}
      </Answered>
    </section>
  )
}
