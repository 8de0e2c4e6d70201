import type { CheckView, NodeStatus } from '@hirundo/contract'
import { useFormat } from '../text/format.ts'
import { useText, type TextKey } from '../text/text.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Time } from '../ui/time.tsx'

const parts: Readonly<Record<string, TextKey>> = {
  postgres: 'node.part_postgres', clickhouse: 'node.part_clickhouse', inbox: 'node.part_inbox', projector: 'node.part_projector',
  networks: 'node.part_networks', retention: 'node.part_retention', observatory: 'node.part_observatory',
  warning: 'node.part_warning', messages: 'node.part_messages',
}

function Check({ check: { name, ok, attention = false, detail } }: { readonly check: CheckView }) {
  const t = useText()
  const part = parts[name]
  return (
    <li>
      <span className={`status ${ok ? 'good' : 'loss'}`}><span className="part-name">{part === undefined ? <code>{name}</code> : t(part)}<span className="sr">: {t(ok ? 'node.part_ok' : 'node.part_failed')}</span></span></span>
      {!ok && <span className="loss block">{t('node.part_failed')}</span>}
      {(!ok || attention) && <span className="quiet block small" lang="en" data-value>{detail}</span>}
    </li>
  )
}

const links = [['/status', 'node.link_status'], ['/openapi.json', 'node.link_api'], ['/metrics', 'node.link_metrics'], ['/operators-guide.md', 'node.link_guide']] as const

/** The node itself: its parts, its key, and where more is. */
export function NodeSection({ status }: { readonly status: NodeStatus }) {
  const t = useText()
  const format = useFormat()
  return (
    <section className="section" aria-labelledby="node-status">
      <h2 id="node-status">{t('shell.node')}</h2>
      <ul className="detail-list">{status.checks.map((check) => <Check key={check.name} check={check} />)}</ul>
      <dl className="facts">
        <div><dt>{t('node.version')}</dt><dd data-value>{status.version}</dd></div>
        <div><dt>{t('node.sensors')}</dt><dd>{t('node.sensors_live', { live: status.sensors.live, approved: status.sensors.approved, pending: status.sensors.pending })}</dd></div>
        <div><dt>{t('node.started')}</dt><dd><Time at={status.started_at} /><span className="quiet block" data-value>{format.duration(status.uptime_s)}</span></dd></div>
      </dl>
      <div className="detail-list">
        <h3>{t('node.fingerprint')}</h3>
        <code>{status.fingerprint}</code>
        <p className="quiet small">{t('node.fingerprint_about')}</p>
        <div><CopyButton text={status.fingerprint} what={t('node.fingerprint')} /></div>
      </div>
      <ul className="detail-list">{links.map(([href, key]) => <li key={href}><a href={href}>{t(key)}</a></li>)}</ul>
    </section>
  )
}
