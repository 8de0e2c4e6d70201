import { reauthenticate, reauthenticateByPasskey, type SessionView } from '@hirundo/contract'
import { useState, type ReactNode } from 'react'
import { call } from '../api/api.ts'
import { useSession, useSetSession } from '../app/session.tsx'
import { useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { ActProblem } from './act-problem.tsx'
import { oidcPath } from './next-path.ts'
import { askPasskey } from './passkey.ts'
import { useStepUp, type Acting } from './use-step-up.ts'

function ByPassword({ needs_code, onDone }: { readonly needs_code: boolean; readonly onDone: (session: SessionView) => void }) {
  const t = useText()
  const { run, busy, error } = useStepUp()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const body = needs_code ? { password, code } : { password }
  return (
    <form className="form" onSubmit={(event) => {
      event.preventDefault()
      void run(() => call(reauthenticate, { body })).then((session) => session && onDone(session))
    }}>
      <TextField label={t('people.password')} type="password" autoComplete="current-password" value={password} onChange={setPassword} maxLength={256} />
      {needs_code && <TextField label={t('people.code')} hint={t('people.code_hint')} autoComplete="one-time-code" value={code} onChange={setCode} maxLength={40} />}
      <ActProblem error={error} />
      <div><Button type="submit" kind="primary" isPending={busy} isDisabled={password === '' || (needs_code && code.length < 6)}>{t('people.confirm')}</Button></div>
    </form>
  )
}

/** Asks who is there once more, by whatever this person has. */
export function StepUpForm({ acting }: { readonly acting: Acting }) {
  const t = useText()
  const session = useSession()
  const setSession = useSetSession()
  const { run, busy, error } = useStepUp()
  const factors = session?.person?.factors
  const done = (fresh: SessionView) => {
    setSession(fresh)
    acting.answer(true)
  }
  const byPasskey = async () => {
    const fresh = await run(async () => call(reauthenticateByPasskey, { body: await askPasskey() }))
    if (fresh) done(fresh)
  }
  return (
    <div className="stack">
      <p>{t('people.step_up_why')}</p>
      {factors !== undefined && factors.passkeys > 0 && session?.sign_in.passkey && (
        <div className="stack">
          <div><Button kind="primary" isPending={busy} autoFocus onPress={() => void byPasskey()}>{t('people.use_passkey')}</Button></div>
          <ActProblem error={error} />
        </div>
      )}
      {factors?.password && <ByPassword needs_code={factors.totp} onDone={done} />}
      {factors?.oidc && session?.sign_in.oidc !== null && (
        <div className="stack">
          <p className="quiet">{t('people.step_up_oidc')}</p>
          <div><a className="button" href={oidcPath(location.pathname + location.search, true)}>{t('people.sign_in_oidc', { name: session?.sign_in.oidc ?? '' })}</a></div>
        </div>
      )}
      <div><Button onPress={() => acting.answer(false)}>{t('ui.cancel')}</Button></div>
    </div>
  )
}

/** For a page: the question in a dialog of its own. */
export function StepUpDialog({ acting }: { readonly acting: Acting }) {
  const t = useText()
  return <Dialog title={t('people.step_up_title')} isOpen={acting.asking} onClose={() => acting.answer(false)}><StepUpForm acting={acting} /></Dialog>
}

interface ActDialogProps {
  readonly acting: Acting
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  readonly drawer?: boolean
  readonly kept?: boolean
}

/** A dialog in which something is done: the sign-in once more takes the place of its content, which keeps what was typed. */
export function ActDialog({ acting, title, isOpen, onClose, children, drawer = false, kept = false }: ActDialogProps) {
  const t = useText()
  return (
    <Dialog title={acting.asking ? t('people.step_up_title') : title} isOpen={isOpen} drawer={drawer} kept={kept} onClose={() => {
      acting.answer(false)
      acting.clear()
      onClose()
    }}>
      {acting.asking && <StepUpForm acting={acting} />}
      <div className="stack" hidden={acting.asking}>
        <ActProblem error={acting.error} />
        {children}
      </div>
    </Dialog>
  )
}
