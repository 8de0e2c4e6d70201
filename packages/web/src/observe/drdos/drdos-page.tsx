import { drdosAttacks } from '@hirundo/contract'
import { Link, useSearch } from '@tanstack/react-router'
import { useAnswer } from '../../api/api.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered } from '../../ui/state.tsx'
import '../answering/answering.css'
import { NothingFound } from '../figure/nothing-found.tsx'
import { FollowLinks } from '../figure/follow-links.tsx'
import { usePeriodValues } from '../figure/period-values.ts'
import { QuestionBar } from '../question/question-bar.tsx'
import { useAsking, type Asking } from '../question/question.ts'
import { AmplifiersFigure, BeganFigure, WhenFigure } from './attack-figures.tsx'
import { readSettings } from './attack-settings.ts'
import { AttackTable, SettingsText } from './attack-table.tsx'
import { drdosInput, type Attacks, type AttacksProps } from './drdos-input.ts'
import './drdos.css'
import { SettingsBar } from './settings-bar.tsx'

function useSentence(asking: Asking, answer: Attacks | undefined): string | undefined {
  const t = useText()
  const format = useFormat()
  const period = usePeriodValues(asking)
  if (answer === undefined) return undefined
  const { attacks: [first, ...others], total } = answer.data
  const around = { ...period, heard: answer.sensors_heard, total: answer.sensors_total }
  if (first === undefined) return t('drdos.sentence_nothing', around)
  const { victim, protocol, requests, running } = first
  return t('drdos.sentence', {
    ...around, n: total, text: format.number(total), victim, protocol, requests: format.number(requests), running: Number(running) + others.filter((attack) => attack.running).length,
  })
}

function Content(props: AttacksProps) {
  const t = useText()
  return (
    <FollowLinks>
      <p className="prose">{t('drdos.victim_means')}</p>
      <AttackTable {...props} />
      <div className="grid">
        <div className="half stack"><BeganFigure {...props} /><AmplifiersFigure asking={props.asking} /></div>
        <div className="half"><WhenFigure {...props} /></div>
      </div>
      <nav className="row" aria-label={t('answering.more')}><Link to="/observe/answering" search={props.asking.search as never}>{t('shell.answering')}</Link></nav>
    </FollowLinks>
  )
}

/** Who was attacked by reflection, as far as the attackers asked our sensors to take part. */
export function DrdosPage() {
  const t = useText()
  const { asking, change } = useAsking()
  const settings = readSettings(useSearch({ strict: false }) as Record<string, unknown>)
  const answer = useAnswer(drdosAttacks, drdosInput({ asking, settings }))
  const sentence = useSentence(asking, answer.data) ?? t(answer.error ? 'top.sentence_failed' : 'drdos.sentence_loading')
  return (
    <Page name={t('shell.drdos')} sentence={sentence} filters={<>
      <QuestionBar />
      <SettingsBar settings={settings} change={change} />
    </>}>
      <Answered answer={answer} lines={12}>
        {(found) => (found.data.attacks.length > 0 ? <Content asking={asking} settings={settings} answer={found} /> : (
          <>
            <p className="figure-note"><SettingsText answer={found} /></p>
            <NothingFound title={t('drdos.empty')} text={t('drdos.empty_text')} />
            <AmplifiersFigure asking={asking} />
          </>
        ))}
      </Answered>
    </Page>
  )
}
