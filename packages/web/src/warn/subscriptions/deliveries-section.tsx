import { findingKinds, listDeliveries, type CallOutput, type SubscriptionView } from '@hirundo/contract'
import { rows_max, usePages } from '../../node/use-pages.ts'
import { useParam } from '../../node/use-param.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { Answered } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { underscored } from '../words/subject.ts'
import { ChannelName } from './channel-name.tsx'

type Delivery = CallOutput<typeof listDeliveries>['deliveries'][number]
const stateClass = { waiting: 'status hollow', sent: 'status good', failed: 'status loss', unknown: 'status person' } as const
const ALL = 'all'
const ASKED_EVERY_MS = 15_000

function State({ delivery: { state, attempts, problem } }: { readonly delivery: Delivery }) {
  const t = useText()
  return (
    <>
      <span className={stateClass[state]}>{t(`subscriptions.delivery_${state}`)}</span>
      {(attempts > 1 || problem !== null) && <span className="quiet block small">{attempts > 0 && t('subscriptions.attempts', { n: attempts })}{attempts > 0 && problem !== null && ' · '}{problem !== null && <span data-value>{problem}</span>}</span>}
    </>
  )
}

/** A bulletin by its number, a finding by its kind in the reader’s language, and what of it was told. */
function About({ delivery: { about, what } }: { readonly delivery: Delivery }) {
  const t = useText()
  if (what === 'test') return <span className="quiet">{t('subscriptions.what_test')}</span>
  const kind = findingKinds.find((one) => one === about)
  return (
    <>
      {kind === undefined ? <span data-value>{about}</span> : t(`warn.kind_${underscored(kind)}`)}
      {(what === 'withdrawn' || what === 'worse') && <span className="quiet block small">{t(`subscriptions.what_${what}`)}</span>}
    </>
  )
}

/** What was sent to whom, what waits, and what did not arrive. */
export function DeliveriesSection({ subscriptions }: { readonly subscriptions: readonly SubscriptionView[] }) {
  const t = useText()
  const [subscription, choose] = useParam('subscription')
  const [bulletin, chooseBulletin] = useParam('bulletin')
  const { answer, has_more, busy, more } = usePages(listDeliveries, { ...(subscription === undefined ? {} : { subscription }), ...(bulletin === undefined ? {} : { bulletin }) }, { every_ms: ASKED_EVERY_MS })
  const deliveries = answer.data?.flatMap((page) => page.deliveries)
  return (
    <section className="section">
      <div className="section-head">
        <h2>{t('subscriptions.deliveries')}</h2>
        <div className="row">
          {bulletin !== undefined && <Button kind="plain" onPress={() => chooseBulletin(undefined)}>{t('subscriptions.all_bulletins')}</Button>}
          <div className="filter"><Select label={t('subscriptions.subscription')} value={subscription ?? ALL} onChange={(next) => choose(next === ALL ? undefined : next)}
            choices={[{ id: ALL, label: t('subscriptions.all') }, ...subscriptions.map(({ id, name }) => ({ id, label: name }))]} /></div>
        </div>
      </div>
      <Answered answer={{ ...answer, data: deliveries }} lines={5}>
        {(all) => (all.length === 0 ? <p className="quiet">{t('subscriptions.deliveries_none')}</p> : (
          <Table cards caption={t('subscriptions.deliveries')} caption_hidden rows_shown_max={rows_max} rows={all} row_key={({ id }) => id} columns={[
            { id: 'about', head: t('subscriptions.about'), row_head: true, cell: (delivery) => <About delivery={delivery} /> },
            { id: 'to', head: t('subscriptions.subscription'), cell: ({ subscription: name, channel, target }) => <><span data-value>{name}</span><span className="quiet block small"><ChannelName channel={channel} /> <span data-value>{target}</span></span></> },
            { id: 'state', head: t('warn.state'), cell: (delivery) => <State delivery={delivery} /> },
            { id: 'due', head: t('subscriptions.due'), cell: ({ due_at }) => <Time at={due_at} both={false} seconds /> },
            { id: 'sent', head: t('subscriptions.sent'), cell: ({ sent_at }) => <Time at={sent_at} seconds /> },
          ]} />
        ))}
      </Answered>
      {has_more && <div><Button isPending={busy} onPress={more}>{t('ui.more')}</Button></div>}
    </section>
  )
}
