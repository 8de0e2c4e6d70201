import { drdosAttacks, heardTop } from '@hirundo/contract'
import { bars, rankBars, spans } from '@hirundo/figures'
import { DAY_S } from '@hirundo/base'
import { useAnswer } from '../../api/api.ts'
import { useFormat } from '../../text/format.ts'
import { useReader, useText } from '../../text/text.tsx'
import { FigureCard } from '../../ui/figure-card.tsx'
import { Answered } from '../../ui/state.tsx'
import { heardFigure } from '../answering/heard-data.ts'
import { sourceAddress } from '../figure/addresses.ts'
import { commandLine, type Asking } from '../question/question.ts'
import { SettingsText } from './attack-table.tsx'
import { attacksBegan } from './attacks-began.ts'
import { drdosCommand, drdosInput, type AttacksProps } from './drdos-input.ts'

const WHEN_SHOWN = 20
const BEGAN_HEIGHT = 150
const AMPLIFIERS_SHOWN = 15

/** When each of the largest attacks ran, side by side: what was hit at the same time may belong together. */
export function WhenFigure(props: AttacksProps) {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const { asking, answer } = props
  const title = t('drdos.when_title')
  const shown = answer.data.attacks.slice(0, WHEN_SHOWN)
  const data = heardFigure(drdosAttacks, drdosInput(props), { ...answer, note: null }, {
    id: 'drdos-when', title,
    columns: [
      { key: 'victim', label: t('drdos.victim') }, { key: 'protocol', label: t('ui.protocol') }, { key: 'start', label: t('drdos.start') },
      { key: 'end', label: t('drdos.end') }, { key: 'requests', label: t('answering.requests') },
    ],
    rows: shown.map(({ victim, protocol, start, end, requests }) => ({ victim, protocol, start, end, requests })),
  })
  return (
    <FigureCard data={data} command={drdosCommand(props)} note={<>{t('drdos.when_note', { n: shown.length, zone })} · <SettingsText answer={answer} /></>} draw={(width) => spans({
      id: data.id, title, width, from_ms: Date.parse(answer.from), to_ms: Date.parse(answer.to), locale, zone, texts: { value: t('answering.requests') },
      desc: t('drdos.desc', { n: answer.data.attacks.length, victim: shown[0]?.victim ?? '', requests: format.number(shown[0]?.requests ?? 0) }),
      rows: shown.map(({ victim, protocol, start, end, requests }, i) => ({
        key: String(i), label: victim, detail: protocol, href: sourceAddress(victim, asking.search), value_text: format.number(requests),
        text: t('drdos.when_row', { victim, protocol, requests: format.number(requests), from: format.second(start), to: format.second(end) }),
        spans: [{ from_ms: Date.parse(start), to_ms: Date.parse(end) }],
      })),
    })} />
  )
}

/** How many began when. Only where all attacks are listed: of a part it would show a rhythm that there is not. */
export function BeganFigure(props: AttacksProps) {
  const t = useText()
  const format = useFormat()
  const { locale, zone } = useReader()
  const { answer } = props
  const { attacks, total } = answer.data
  if (total > attacks.length) return <p className="figure-note">{t('drdos.began_many')}</p>
  const { step_s, points } = attacksBegan(attacks.map(({ start }) => start), answer.from, answer.to)
  const by_day = step_s === DAY_S
  const title = t(by_day ? 'drdos.began_days' : 'drdos.began_hours')
  const data = heardFigure(drdosAttacks, drdosInput(props), { ...answer, note: null }, {
    id: 'drdos-began', title, columns: [{ key: 'at', label: t('drdos.at') }, { key: 'attacks', label: t('drdos.attacks') }],
    rows: points.map(({ at_ms, value }) => ({ at: new Date(at_ms).toISOString(), attacks: value })),
  })
  const step_ms = step_s * 1000
  return (
    <FigureCard data={data} command={drdosCommand(props)} note={<>{by_day ? t('source.days_note') : t('port.each', { step: format.duration(step_s), zone })} · <SettingsText answer={answer} /></>} draw={(width) => bars({
      id: data.id, title, width, height: BEGAN_HEIGHT, step_ms, locale, zone: by_day ? 'UTC' : zone, format: format.compact, texts: { unit: t('drdos.attacks') },
      from_ms: points[0]!.at_ms, to_ms: points.at(-1)!.at_ms + step_ms, desc: t('drdos.began_desc', { most: points.reduce((max, { value }) => Math.max(max, value), 0) }), points,
    })} />
  )
}

/** What attackers and those who look for reflectors asked our sensors to be. */
export function AmplifiersFigure({ asking }: { readonly asking: Asking }) {
  const t = useText()
  const format = useFormat()
  const title = t('drdos.amplifiers')
  const input = { params: { what: 'amplifiers' }, query: { ...asking.query, limit: AMPLIFIERS_SHOWN } } as const
  const answer = useAnswer(heardTop, input)
  return (
    <Answered answer={answer} lines={6}>
      {(found) => {
        const { rows } = found.data
        if (rows.length === 0) return <p className="quiet">{t('answering.tab_empty')}</p>
        const data = heardFigure(heardTop, input, found, {
          id: 'heard-amplifiers', title, rows,
          columns: [
            { key: 'rank', label: t('ui.rank') }, { key: 'key', label: t('ui.protocol') }, { key: 'requests', label: t('answering.requests') }, { key: 'interactions', label: t('answering.interactions') },
            { key: 'sources', label: t('ui.sources') }, { key: 'sensors', label: t('answering.sensors') }, { key: 'bytes_in', label: t('answering.bytes_in') }, { key: 'bytes_out', label: t('answering.bytes_out') },
          ],
        })
        return (
          <FigureCard data={data} command={commandLine(`interactions top amplifiers --limit ${AMPLIFIERS_SHOWN}`, asking)} note={t('drdos.amplifiers_note')} draw={(width) => rankBars({
            id: data.id, title, width, desc: t('drdos.amplifiers_desc', { key: rows[0]!.key ?? '', requests: format.number(rows[0]!.requests) }),
            texts: { value: t('answering.requests'), second: t('ui.sources'), new: '', previous: () => '' },
            rows: rows.map(({ rank, key, requests, sources }) => ({ key: String(rank), rank, label: key ?? '', value: requests, value_text: format.number(requests), second_text: format.number(sources) })),
          })} />
        )
      }}
    </Answered>
  )
}
