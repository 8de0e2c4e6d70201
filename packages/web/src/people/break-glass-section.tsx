import { renewBreakGlass, type PersonView } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../api/api.ts'
import { useSetSession } from '../app/session.tsx'
import { useText } from '../text/text.tsx'
import { Ask } from '../ui/ask.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Once } from '../ui/once.tsx'
import { Time } from '../ui/time.tsx'
import { ActProblem } from './act-problem.tsx'
import { StepUpDialog } from './step-up.tsx'
import { useStepUp } from './use-step-up.ts'

/** The account for emergencies: whether there is one, when it was used, and a new password. */
export function BreakGlassSection({ account, onChanged }: { readonly account: PersonView | undefined; readonly onChanged: () => void }) {
  const t = useText()
  const acting = useStepUp()
  const setSession = useSetSession()
  const [made, setMade] = useState<{ readonly person: PersonView; readonly password: string }>()
  const renew = async () => {
    const done = await acting.run(() => call(renewBreakGlass, {}))
    if (!done) return
    setMade(done)
    setSession(undefined)
    onChanged()
  }
  const label = t(account ? 'people.break_glass_renew' : 'people.break_glass_make')
  return (
    <section className="section" aria-labelledby="break-glass">
      <h2 id="break-glass">{t('people.break_glass')}</h2>
      <p className="prose">{t('people.break_glass_about')}</p>
      {account
        ? <dl className="facts">
          <div><dt>{t('people.sign_in_name')}</dt><dd data-value>{account.sign_in_name}</dd></div>
          <div><dt>{t('people.break_glass_last')}</dt><dd>{account.last_sign_in_at === null ? t('people.never') : <Time at={account.last_sign_in_at} />}</dd></div>
        </dl>
        : <p className="person">{t('people.break_glass_none')}</p>}
      {!acting.asking && <ActProblem error={acting.error} />}
      <div><Ask kind="primary" label={label} question={t(account ? 'people.break_glass_renew_question' : 'people.break_glass_make_question')} onConfirm={() => void renew()} isPending={acting.busy} /></div>
      <StepUpDialog acting={acting} />
      <Dialog title={t('people.break_glass')} isOpen={made !== undefined} kept onClose={() => setMade(undefined)}>
        {made && <>
          <p>{t('people.sign_in_name')}: <strong data-value>{made.person.sign_in_name}</strong></p>
          <Once label={t('people.break_glass_password')} value={made.password}><p>{t('people.break_glass_keep')}</p></Once>
          <div><Button kind="primary" onPress={() => setMade(undefined)}>{t('people.done')}</Button></div>
        </>}
      </Dialog>
    </section>
  )
}
