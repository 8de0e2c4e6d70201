import { Link } from '@tanstack/react-router'
import { useText } from '../../text/text.tsx'
import { Empty } from '../../ui/state.tsx'

/** The steps of a first sensor, as the command line takes them. */
const commands = () => [
  'npx hirundo sensor token',
  `npx hirundo-sensor enrol --state /var/lib/hirundo-sensor --node ${location.origin} --token TOKEN --name north-1 --dst CIDR`,
  'npx hirundo sensor approve north-1 --fingerprint FINGERPRINT',
  'npx hirundo-sensor run --state /var/lib/hirundo-sensor --interface eth0 --dst CIDR',
] as const

/** Nothing is watched yet: what to do, in the order in which it works. */
export function NoSensor({ pending }: { readonly pending: number }) {
  const t = useText()
  return (
    <Empty title={t('overview.empty_title')}>
      <p>{t('overview.empty_text')}</p>
      {pending > 0 && <p className="person"><Link to="/observe/sensors">{t('overview.pending', { n: pending })}</Link></p>}
      <ol className="stack overview-steps">
        {commands().map((command, i) => (
          <li key={command}><p>{t(`overview.empty_step_${(i + 1) as 1 | 2 | 3 | 4}`)}</p><pre className="code" data-value>{command}</pre></li>
        ))}
      </ol>
      <p className="quiet">{t('overview.empty_import')}</p>
      <pre className="code" data-value>npx hirundo import --sensor archive --dst CIDR old-*.pcap.gz</pre>
    </Empty>
  )
}
