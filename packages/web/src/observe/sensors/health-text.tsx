import { useText } from '../../text/text.tsx'
import type { SensorHealth } from './health.ts'

const colours: Readonly<Record<SensorHealth, string>> = { pending: 'person', live: 'good', silent: 'loss hollow', history: 'quiet hollow', revoked: 'quiet hollow' }

/** The state in words; the dot and its colour only repeat it. */
export function HealthText({ health }: { readonly health: SensorHealth }) {
  const t = useText()
  return <span className={`status ${colours[health]}`}>{t(`sensors.state_${health}`)}</span>
}
