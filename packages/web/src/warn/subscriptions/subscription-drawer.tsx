import { addSubscription, changeSubscription, removeSubscription, testSubscription, type SubscriptionView } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../../api/api.ts'
import { ActDialog } from '../../people/step-up.tsx'
import { useStepUp } from '../../people/use-step-up.ts'
import { useReader, useText } from '../../text/text.tsx'
import { Ask } from '../../ui/ask.tsx'
import { Button } from '../../ui/button.tsx'
import { Once } from '../../ui/once.tsx'
import { Notice } from '../../ui/state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { draftOf, emptyDraft, readDraft } from './subscription-draft.ts'
import { OfWhat, ToWhom, When } from './subscription-form.tsx'

/** Makes a subscription or changes one; a webhook's key is shown once, after it was made. */
export function SubscriptionDrawer({ subscription, onClose, onChanged }: { readonly subscription: SubscriptionView | undefined; readonly onClose: () => void; readonly onChanged: () => void }) {
  const t = useText()
  const say = useToast()
  const { locale } = useReader()
  const acting = useStepUp()
  const [draft, setDraft] = useState(() => (subscription ? draftOf(subscription) : emptyDraft(locale)))
  const [tried, setTried] = useState(false)
  const [secret, setSecret] = useState<string>()
  const { body, wrong } = readDraft(draft)
  const form = { draft, change: (part: Partial<typeof draft>) => setDraft({ ...draft, ...part }), wrong: tried ? wrong : [] }
  const save = async () => {
    setTried(true)
    if (wrong.length > 0) return
    const saved = await acting.run(() => (subscription
      ? call(changeSubscription, { params: { id: subscription.id }, body: { ...body, active: subscription.active } }) : call(addSubscription, { body })))
    if (!saved) return
    onChanged()
    say(t('ui.saved'))
    if (saved.secret_shown_once === null) onClose()
    else setSecret(saved.secret_shown_once)
  }
  return (
    <ActDialog acting={acting} drawer kept={secret !== undefined} title={subscription?.name ?? t('subscriptions.new')} isOpen onClose={onClose}>
      {secret !== undefined ? (
        <><Once label={t('subscriptions.secret')} value={secret}><p>{t('subscriptions.secret_about')}</p></Once><div><Button kind="primary" onPress={onClose}>{t('people.done')}</Button></div></>
      ) : (
        <>
          {subscription && <Standing subscription={subscription} onChanged={onChanged} onClose={onClose} />}
          <form className="form" noValidate onSubmit={(event) => {
            event.preventDefault()
            void save()
          }}>
            <ToWhom {...form} /><OfWhat {...form} /><When {...form} />
            <div><Button type="submit" kind="primary" isPending={acting.busy}>{t('ui.save')}</Button></div>
          </form>
        </>
      )}
    </ActDialog>
  )
}

/** What can be done with one that exists: pause, test, end. */
function Standing({ subscription, onChanged, onClose }: { readonly subscription: SubscriptionView; readonly onChanged: () => void; readonly onClose: () => void }) {
  const t = useText()
  const say = useToast()
  const { run, busy } = useStepUp()
  const [tested, setTested] = useState<{ readonly sent: boolean; readonly detail: string }>()
  const { id, active } = subscription
  const pause = async () => {
    const { body } = readDraft(draftOf(subscription))
    if (await run(() => call(changeSubscription, { params: { id }, body: { ...body, active: !active } }))) say(t(active ? 'subscriptions.paused_toast' : 'subscriptions.resumed_toast', { name: subscription.name }))
    onChanged()
  }
  const test = async () => setTested(await run(() => call(testSubscription, { params: { id } })))
  const remove = async () => {
    if (!(await run(() => call(removeSubscription, { params: { id } })))) return
    onChanged()
    say(t('subscriptions.removed', { name: subscription.name }))
    onClose()
  }
  return (
    <>
      <div className="row">
        <Button isPending={busy} onPress={() => void pause()}>{t(active ? 'subscriptions.pause' : 'subscriptions.resume')}</Button>
        <Button isPending={busy} onPress={() => void test()}>{t('subscriptions.test')}</Button>
        <Ask label={t('subscriptions.remove')} isPending={busy} question={t('subscriptions.remove_question', { name: subscription.name })} onConfirm={() => void remove()} />
      </div>
      {tested && <Notice {...(tested.sent ? {} : { kind: 'loss' as const })}><strong>{t(tested.sent ? 'subscriptions.tested' : 'subscriptions.test_failed')}</strong>{tested.detail !== '' && <span data-value>{tested.detail}</span>}</Notice>}
    </>
  )
}
