import { previewRecipients, releaseBulletin, withdrawBulletin, type BulletinView, type CallOutput } from '@hirundo/contract'
import { useState } from 'react'
import { call, useAnswer } from '../../api/api.ts'
import { useScope, useSession } from '../../app/session.tsx'
import { ActProblem } from '../../people/act-problem.tsx'
import { StepUpDialog } from '../../people/step-up.tsx'
import { useStepUp } from '../../people/use-step-up.ts'
import { useText } from '../../text/text.tsx'
import { Ask } from '../../ui/ask.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Answered } from '../../ui/state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { ChannelName } from '../subscriptions/channel-name.tsx'
import { TlpLabel } from '../words/marks.tsx'

/** Who asked for bulletins and does not get this one, and why: a subscription that was meant to fit is found so. */
function PassedOver({ all }: { readonly all: CallOutput<typeof previewRecipients>['passed_over'] }) {
  const t = useText()
  if (all.length === 0) return null
  return (
    <>
      <p className="quiet small">{t('bulletins.passed_over')}</p>
      <ul className="stack tight">{all.map(({ subscription, name, why }) => <li key={subscription}><span data-value>{name}</span><span className="quiet block small">{t(`bulletins.passed_${why}`)}</span></li>)}</ul>
    </>
  )
}

/** Who would get it now, before anything is sent. */
function Recipients({ bulletin }: { readonly bulletin: BulletinView }) {
  const t = useText()
  const answer = useAnswer(previewRecipients, { params: { id: bulletin.id } })
  return (
    <section className="section" aria-labelledby="recipients">
      <h2 id="recipients">{t('bulletins.recipients')}</h2>
      <Answered answer={answer} lines={3}>
        {({ recipients, passed_over }) => (recipients.length === 0 ? (
          <>
            <p className="quiet">{t('bulletins.recipients_none')}{passed_over.length === 0 && <> {t('bulletins.recipients_no_subscription')}</>}</p>
            <PassedOver all={passed_over} />
          </>
        ) : (
          <>
            <p>{t('bulletins.recipients_n', { n: recipients.length })} <TlpLabel tlp={bulletin.tlp} /></p>
            <ul className="stack tight">{recipients.map(({ subscription, name, channel, target }) => <li key={subscription}><span data-value>{name}</span><span className="quiet block small"><ChannelName channel={channel} /> <span data-value>{target}</span></span></li>)}</ul>
            <PassedOver all={passed_over} />
          </>
        ))}
      </Answered>
    </section>
  )
}

interface StepProps {
  readonly bulletin: BulletinView
  readonly onChanged: (bulletin: BulletinView) => void
}

/** The one step that a person takes in their own name: asked twice, and who they are is asked once more. */
export function ReleaseSection({ bulletin, unsaved, onChanged }: StepProps & { readonly unsaved: boolean }) {
  const t = useText()
  const say = useToast()
  const me = useSession()?.person
  const may_release = useScope('bulletins:release')
  const acting = useStepUp()
  const release = async () => {
    const released = await acting.run(() => call(releaseBulletin, { params: { id: bulletin.id }, body: { version: bulletin.version } }))
    if (!released) return
    say(t('bulletins.released_toast', { number: bulletin.number }))
    onChanged(released)
  }
  return (
    <>
      <Recipients bulletin={bulletin} />
      <section className="section" aria-labelledby="release">
        <h2 id="release">{t('bulletins.release')}</h2>
        {!may_release ? <p className="quiet">{t('bulletins.release_role')}</p> : !me ? <p className="quiet">{t('bulletins.release_person')}</p> : unsaved ? <p className="quiet">{t('bulletins.release_unsaved')}</p> : (
          <Ask kind="primary" label={t('bulletins.release_do')} isPending={acting.busy} question={t('bulletins.release_question', { number: bulletin.number, tlp: bulletin.tlp, name: me.name })} onConfirm={() => void release()} />
        )}
        <ActProblem error={acting.error} />
      </section>
      <StepUpDialog acting={acting} />
    </>
  )
}

/** Takes it back, and tells who got it why. */
export function WithdrawSection({ bulletin, onChanged }: StepProps) {
  const t = useText()
  const say = useToast()
  const acting = useStepUp()
  const [asked, setAsked] = useState(false)
  const [why, setWhy] = useState('')
  const withdraw = async () => {
    const withdrawn = await acting.run(() => call(withdrawBulletin, { params: { id: bulletin.id }, body: { why: why.trim() } }))
    if (!withdrawn) return
    say(t('bulletins.withdrawn_toast', { number: bulletin.number }))
    onChanged(withdrawn)
  }
  if (!asked) return <div><Button onPress={() => setAsked(true)}>{t('bulletins.withdraw')}</Button></div>
  return (
    <form className="section" onSubmit={(event) => {
      event.preventDefault()
      if (why.trim() !== '') void withdraw()
    }}>
      <p>{t('bulletins.withdraw_question')}</p>
      <TextField label={t('bulletins.withdraw_why')} lines={3} autoFocus value={why} onChange={setWhy} maxLength={1000} />
      <ActProblem error={acting.error} />
      <div className="row"><Button type="submit" kind="danger" isPending={acting.busy} isDisabled={why.trim() === ''}>{t('bulletins.withdraw_do')}</Button><Button onPress={() => setAsked(false)}>{t('ui.cancel')}</Button></div>
      <StepUpDialog acting={acting} />
    </form>
  )
}
