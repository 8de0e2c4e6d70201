import { languages, quarterReport, type Language } from '@hirundo/contract'
import { useState } from 'react'
import { useAnswer } from '../api/api.ts'
import { useParam } from '../node/use-param.ts'
import { languageNames } from '../text/languages.ts'
import { useReader, useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/field.tsx'
import { Page } from '../ui/page.tsx'
import { Answered, Notice } from '../ui/state.tsx'
import { ReportFiles } from './report-files.tsx'
import { ReportFrame } from './report-frame.tsx'
import { quarterKey, quartersUntil, readQuarter } from './quarters.ts'
import './report.css'

/** The report of a quarter: choose it and its language, read it here, take it along. */
export function ReportPage() {
  const t = useText()
  const { locale } = useReader()
  const [quarters] = useState(() => quartersUntil(new Date()))
  const [wanted, choose] = useParam('quarter')
  const [wanted_language, chooseLanguage] = useParam('language')
  // The last full quarter is what is published; the running one is there to look at.
  const quarter = readQuarter(wanted) ?? quarters[1]!
  const language = languages.find((one) => one === wanted_language) ?? locale
  const input = { params: quarter, query: { language } }
  const answer = useAnswer(quarterReport, input)
  const report = answer.isPlaceholderData ? undefined : answer.data
  const nameOf = (one: typeof quarter) => t(quarterKey(one) === quarterKey(quarters[0]!) ? 'report_page.quarter_running' : 'report_page.quarter', { year: String(one.year), quarter: one.quarter })
  const offered = quarters.some((one) => quarterKey(one) === quarterKey(quarter)) ? quarters : [...quarters, quarter]
  return (
    <Page name={t('shell.report')}
      sentence={report ? <span lang={report.language} data-value>{report.summary}</span> : t('report_page.sentence', { quarter: nameOf(quarter) })}
      filters={<div className="report-choice">
        <Select label={t('report_page.choose')} value={quarterKey(quarter)} onChange={choose} choices={offered.map((one) => ({ id: quarterKey(one), label: nameOf(one) }))} />
        <Select<Language> label={t('shell.language')} value={language} onChange={chooseLanguage} choices={languages.map((id) => ({ id, label: languageNames[id] }))} />
      </div>}>
      <Answered answer={{ ...answer, data: report, isPending: answer.isPending || answer.isPlaceholderData }} lines={12}>{({ coverage }) => (
        <>
          {coverage.sensors_live === 0 && (
            <Notice kind="person">
              <span>{t('report_page.unwatched')}</span>
              {quarterKey(quarter) !== quarterKey(quarters[0]!) && <Button onPress={() => choose(quarterKey(quarters[0]!))}>{t('report_page.show_running')}</Button>}
            </Notice>
          )}
          <ReportFiles quarter={quarter} language={language} />
          <ReportFrame quarter={quarter} language={language} title={nameOf(quarter)} />
        </>
      )}</Answered>
    </Page>
  )
}
