import { Link } from '@tanstack/react-router'
import { useText } from '../../text/text.tsx'
import { Empty } from '../../ui/state.tsx'

/** Sensors are let in and no minute of any is there: figures would show nothing, this says what to look at. */
export function Waiting({ pending }: { readonly pending: number }) {
  const t = useText()
  return (
    <Empty title={t('overview.waiting_title')}>
      <p>{t('overview.waiting_text')}</p>
      {pending > 0 && <p className="person"><Link to="/observe/sensors">{t('overview.pending', { n: pending })}</Link></p>}
      <ol className="stack overview-steps">
        <li><p>{t('overview.waiting_step_1')}</p></li>
        <li><p>{t('overview.waiting_step_2')}</p></li>
      </ol>
      <p className="quiet">{t('overview.empty_import')}</p>
      <pre className="code" data-value>npx hirundo import --sensor archive --dst CIDR old-*.pcap.gz</pre>
    </Empty>
  )
}
