import { listDeliveries, listSubscriptions, type SubscriptionView } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useAnswer } from '../../api/api.ts'
import { useScope } from '../../app/session.tsx'
import { ParamLink } from '../../node/param-link.tsx'
import { useParam } from '../../node/use-param.ts'
import { languageNames } from '../../text/languages.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered, Empty } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { SeverityMark, TlpLabel } from '../words/marks.tsx'
import { underscored } from '../words/subject.ts'
import '../warn.css'
import { ChannelName } from './channel-name.tsx'
import { DeliveriesSection } from './deliveries-section.tsx'
import { SubscriptionDrawer } from './subscription-drawer.tsx'

const NEW = 'new'

/** What somebody is told of, in words: everything, or kinds, ports, economies and networks. */
function Told({ subscription: { of, kinds, ports, economies, asns } }: { readonly subscription: SubscriptionView }) {
  const t = useText()
  const format = useFormat()
  const parts = [...kinds.map((kind) => t(`warn.kind_${underscored(kind)}`)), ...ports, ...economies, ...asns.map((asn) => `AS${asn}`)]
  return <>{t(`subscriptions.of_${of}`)}<span className="quiet block small">{parts.length === 0 ? t('subscriptions.everything') : format.list(parts)}</span></>
}

function Rhythm({ subscription: { digest, quiet } }: { readonly subscription: SubscriptionView }) {
  const t = useText()
  return <>{t(`subscriptions.digest_${underscored(digest)}`)}{quiet !== null && <span className="quiet block small">{t('subscriptions.quiet_text', { from: quiet.from, to: quiet.to, zone: quiet.time_zone, urgent: quiet.but_urgent ? 'yes' : 'no' })}</span>}</>
}

function State({ subscription: { active, last_problem } }: { readonly subscription: SubscriptionView }) {
  const t = useText()
  return <><span className={active ? 'status good' : 'status hollow quiet'}>{t(active ? 'subscriptions.active' : 'subscriptions.paused')}</span>{last_problem !== null && <span className="loss block small" data-value>{last_problem}</span>}</>
}

function SubscriptionTable({ subscriptions }: { readonly subscriptions: readonly SubscriptionView[] }) {
  const t = useText()
  return (
    <Table cards caption={t('subscriptions.title')} caption_hidden rows={subscriptions} row_key={({ id }) => id} columns={[
      { id: 'name', head: t('subscriptions.name'), row_head: true, cell: ({ id, name, language }) => <><ParamLink name="show" value={id}><span data-value>{name}</span></ParamLink><span className="quiet block small" data-value>{languageNames[language]}</span></> },
      { id: 'to', head: t('subscriptions.channel'), cell: ({ channel, target }) => <><ChannelName channel={channel} />{target !== '' && <span className="quiet block small" data-value>{target}</span>}</> },
      { id: 'of', head: t('subscriptions.of'), cell: (subscription) => <Told subscription={subscription} /> },
      { id: 'severity', head: t('subscriptions.severity_min'), cell: ({ severity_min }) => <SeverityMark severity={severity_min} /> },
      { id: 'tlp', head: t('subscriptions.tlp_max'), cell: ({ tlp_max }) => <TlpLabel tlp={tlp_max} /> },
      { id: 'rhythm', head: t('subscriptions.digest'), cell: (subscription) => <Rhythm subscription={subscription} /> },
      { id: 'state', head: t('warn.state'), cell: (subscription) => <State subscription={subscription} /> },
      { id: 'last', head: t('subscriptions.last_sent'), cell: ({ last_sent_at }) => <Time at={last_sent_at} both={false} /> },
    ]} />
  )
}

/** Who is told of what, by which way, and did it arrive? */
export function SubscriptionsPage() {
  const t = useText()
  const client = useQueryClient()
  const may_write = useScope('findings:write')
  const answer = useAnswer(listSubscriptions, {})
  const [shown, show] = useParam('show')
  const subscriptions = answer.data?.subscriptions
  const subscription = subscriptions?.find(({ id }) => id === shown)
  const changed = () => void Promise.all([listSubscriptions, listDeliveries].map(({ id }) => client.invalidateQueries({ queryKey: [id] })))
  const sentence = subscriptions === undefined ? t(answer.error ? 'top.sentence_failed' : 'subscriptions.loading') : t('subscriptions.sentence', {
    active: subscriptions.filter(({ active }) => active).length, paused: subscriptions.filter(({ active }) => !active).length, failing: subscriptions.filter(({ active, last_problem }) => active && last_problem !== null).length,
  })
  return (
    <Page name={t('subscriptions.title')} sentence={sentence} filters={may_write ? <Button kind="primary" onPress={() => show(NEW)}>{t('subscriptions.new')}</Button> : undefined}>
      <Answered answer={answer} lines={6}>
        {({ subscriptions: all }) => (all.length === 0 ? <Empty title={t('subscriptions.none')}><p>{t('subscriptions.none_text')}</p></Empty> : <SubscriptionTable subscriptions={all} />)}
      </Answered>
      <DeliveriesSection subscriptions={subscriptions ?? []} />
      {may_write && (subscription || shown === NEW) && <SubscriptionDrawer key={shown} subscription={subscription} onClose={() => show(undefined)} onChanged={changed} />}
    </Page>
  )
}
