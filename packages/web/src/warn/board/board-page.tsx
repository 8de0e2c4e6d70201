import { Link } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { ActProblem } from '../../people/act-problem.tsx'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered, Empty } from '../../ui/state.tsx'
import { ReasonDialog } from '../acts/reason-dialog.tsx'
import { isReopening } from '../acts/states.ts'
import { useFindingActs } from '../acts/use-finding-acts.ts'
import { countText, type Finding } from '../words/finding.ts'
import '../warn.css'
import { BoardFilters, SeverityChips } from './board-filters.tsx'
import { boardSentence, type Summary } from './board-sentence.ts'
import { isFiltered } from './board-state.ts'
import { BoardTable } from './board-table.tsx'
import { useBoardAsking, useFindings, useSummary } from './use-board.ts'
import { useBoardKeys, type Act } from './use-board-keys.ts'

/** Nothing waits: because nothing was found, or because nobody looked. */
function Nothing({ filtered, summary, onClear }: { readonly filtered: boolean; readonly summary: Summary | undefined; readonly onClear: () => void }) {
  const t = useText()
  const format = useFormat()
  if (filtered) return <Empty title={t('warn.empty_filtered')}><p>{t('warn.empty_filtered_text')}</p><Button onPress={onClear}>{t('warn.clear')}</Button></Empty>
  const watched = summary?.watched_to ?? null
  return (
    <Empty title={t(watched === null ? 'warn.empty_unwatched' : 'warn.empty')}>
      <p>{watched === null ? t('warn.empty_unwatched_text') : t('warn.empty_text', { ok: summary!.detectors_ok, learning: summary!.detectors_learning, detectors: summary!.detectors_total, live: summary!.sensors_live, sensors: summary!.sensors_total, watched: format.instant(watched), records: format.number(summary!.records_today) })}</p>
      <div className="row">
        <Link to="/warn/detectors">{t('warn.to_detectors')}</Link>
        <Link to="/warn" search={{ severity: ['record'] } as never}>{t('warn.to_records')}</Link>
      </div>
    </Empty>
  )
}

/** What needs a person now, and why? */
export function BoardPage() {
  const t = useText()
  const format = useFormat()
  const { asking, change } = useBoardAsking()
  const summary = useSummary()
  const { answer, has_more, busy, more } = useFindings(asking)
  const acts = useFindingActs()
  const [reasoning, setReasoning] = useState<{ readonly finding: Finding; readonly to: 'dismissed' | 'triaged' }>()
  const { move } = acts
  const onAct = useCallback((finding: Finding, act: Act) => {
    if (finding.state === act) return
    if (act === 'dismissed') setReasoning({ finding, to: act })
    else if (act === 'triaged' && isReopening(finding.state, act)) setReasoning({ finding, to: act })
    else void move(finding, { state: act })
  }, [move])
  const findings = useMemo(() => answer.data?.flatMap((page) => page.findings), [answer.data])
  useBoardKeys(findings ?? [], onAct)
  const clear = () => change({ kind: [], severity: [], state: [], owner: undefined, subject: undefined, own: false, muted: false })
  return (
    <Page name={t('warn.board')} sentence={boardSentence(summary.data, summary.error !== null, format, t)}
      filters={<><SeverityChips asking={asking} change={change} summary={summary.data} /><BoardFilters asking={asking} change={change} /></>}>
      {reasoning === undefined && <ActProblem error={acts.error} />}
      <Answered answer={{ ...answer, data: findings }} lines={10}>
        {(all) => (all.length === 0 ? <Nothing filtered={isFiltered(asking)} summary={summary.data} onClear={clear} /> : (
          <>
            <BoardTable findings={all} onAct={onAct} />
            <p className="figure-note">{t('warn.board_note', { shown: format.number(all.length), total: countText(answer.data![0]!, format) })} {t('ui.location_not_actor')}</p>
          </>
        ))}
      </Answered>
      {has_more && <div><Button isPending={busy} onPress={more}>{t('ui.more')}</Button></div>}
      {reasoning && <ReasonDialog {...reasoning} acts={acts} onClose={() => setReasoning(undefined)} />}
    </Page>
  )
}
