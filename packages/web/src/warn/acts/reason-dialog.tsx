import { dismissals, type Dismissal } from '@hirundo/contract'
import { useState } from 'react'
import { ActProblem } from '../../people/act-problem.tsx'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Radios } from '../../ui/radios.tsx'
import type { Finding } from '../words/finding.ts'
import { titleOf, underscored } from '../words/subject.ts'
import type { FindingActs } from './use-finding-acts.ts'

const TEXT_MAX = 4000

interface ReasonProps {
  readonly finding: Finding
  /** Dismissed, or opened again: both ask why. */
  readonly to: 'dismissed' | 'triaged'
  readonly acts: FindingActs
  readonly onClose: () => void
}

/** Why a finding is none, which is part of its detector's measured precision, so that there is no default; or why it is looked at again. */
export function ReasonDialog({ finding, to, acts, onClose }: ReasonProps) {
  const t = useText()
  const [why, setWhy] = useState<Dismissal>()
  const [text, setText] = useState('')
  const dismissing = to === 'dismissed'
  const missing = dismissing ? why === undefined : text.trim() === ''
  const submit = async () => {
    if (missing || !(await acts.move(finding, { state: to, text: text.trim(), ...(dismissing ? { dismissal: why! } : {}) }))) return
    onClose()
  }
  return (
    <Dialog title={t(dismissing ? 'warn.dismiss_title' : 'warn.reopen_title')} isOpen onClose={onClose}>
      <p>{titleOf(finding.kind, finding.subject, t)}</p>
      <form className="stack" onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}>
        {dismissing && <Radios<Dismissal> label={t('warn.dismiss_why')} autoFocus value={why} onChange={setWhy}
          choices={dismissals.map((id) => ({ id, label: t(`warn.dismissal_${underscored(id)}`), hint: t(`warn.dismissal_${underscored(id)}_hint`) }))} />}
        <TextField label={t(dismissing ? 'warn.comment' : 'warn.reopen_why')} autoFocus={!dismissing} lines={2} value={text} onChange={setText} maxLength={TEXT_MAX} />
        <ActProblem error={acts.error} />
        <div className="row"><Button type="submit" kind="primary" isPending={acts.busy} isDisabled={missing}>{t(dismissing ? 'warn.act_dismissed' : 'warn.act_reopen')}</Button><Button onPress={onClose}>{t('ui.cancel')}</Button></div>
      </form>
    </Dialog>
  )
}
