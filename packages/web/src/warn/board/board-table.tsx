import { Link } from '@tanstack/react-router'
import { useScope } from '../../app/session.tsx'
import { rows_max } from '../../node/use-pages.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { actsOf } from '../acts/states.ts'
import { actKey } from '../acts/use-finding-acts.ts'
import type { Finding } from '../words/finding.ts'
import { lastedText } from '../words/going-on.ts'
import { Marks, SeverityMark, StateMark } from '../words/marks.tsx'
import { titleOf } from '../words/subject.ts'
import { crossedText, shortThreshold, tellingFigures, toldText } from '../words/why.ts'
import type { Act } from './use-board-keys.ts'

/** What it is about: the way to its page, and where the address lies. */
function What({ finding, with_simulated }: { readonly finding: Finding; readonly with_simulated: boolean }) {
  const t = useText()
  const { id, kind, subject, economy, asn, as_name } = finding
  const located = [economy ?? '', asn ? `AS${asn}` : '', as_name ?? ''].filter((part) => part !== '').join(' · ')
  return (
    <>
      <Link to="/warn/findings/$id" params={{ id } as never} data-finding={id} className="finding-link">{titleOf(kind, subject, t)}</Link>
      {located !== '' && <span className="quiet block small" data-value>{located}</span>}
      <Marks finding={finding} with_simulated={with_simulated} />
    </>
  )
}

/** The figures that say most, each with the threshold that it crossed; else the threshold in a line of its own. */
function Why({ finding }: { readonly finding: Finding }) {
  const t = useText()
  const format = useFormat()
  const told = tellingFigures(finding, 2)
  const first = told.some(({ crossed }) => crossed !== undefined) ? undefined : finding.crossed?.[0]
  return (
    <>
      {told.map(({ crossed, ...one }) => <span key={one.name} className="block">{toldText(one, format, t)}{crossed && <> <span className="quiet small nowrap">{shortThreshold(crossed, format, t)}</span></>}</span>)}
      {first && <span className="quiet block small">{crossedText(first, format, t)}</span>}
    </>
  )
}

function When({ finding }: { readonly finding: Finding }) {
  const t = useText()
  const format = useFormat()
  return <><Time at={finding.start} /><span className="quiet block small">{lastedText(finding, Date.now(), format, t)}</span></>
}

function columnsOf(t: ReturnType<typeof useText>, may_write: boolean, with_simulated: boolean, onAct: (finding: Finding, act: Act) => void): readonly Column<Finding>[] {
  return [
    { id: 'severity', head: t('warn.severity'), cell: ({ severity }) => <SeverityMark severity={severity} /> },
    { id: 'what', head: t('warn.finding'), row_head: true, cell: (finding) => <What finding={finding} with_simulated={with_simulated} /> },
    { id: 'why', head: t('warn.why'), cell: (finding) => <Why finding={finding} /> },
    { id: 'since', head: t('warn.since'), cell: (finding) => <When finding={finding} /> },
    { id: 'state', head: t('warn.state'), cell: ({ state, owner }) => <><StateMark state={state} />{owner && <span className="quiet block small" data-value>{owner.name}</span>}</> },
    ...(may_write ? [{ id: 'acts', head: t('warn.acts'), cell: (finding: Finding) => (
      <Menu label={t('people.action_about', { action: t('warn.acts'), name: titleOf(finding.kind, finding.subject, t) })} face={<span aria-hidden="true">⋯</span>}
        entries={actsOf[finding.state].map((state) => ({ id: state, label: t(actKey(finding.state, state)), onAction: () => onAct(finding, state) }))} />
    ) }] : []),
  ]
}

/** One finding on each row, as the node orders them. */
export function BoardTable({ findings, onAct }: { readonly findings: readonly Finding[]; readonly onAct: (finding: Finding, act: Act) => void }) {
  const t = useText()
  const may_write = useScope('findings:write')
  // Where all are simulated the band above says so once.
  const with_simulated = !findings.every(({ simulated }) => simulated)
  return <div className="board"><Table cards caption={t('warn.board_table')} caption_hidden rows_shown_max={rows_max} rows={findings} row_key={({ id }) => id} columns={columnsOf(t, may_write, with_simulated, onAct)} /></div>
}
