import type { forecastModels } from '@hirundo/contract'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { underscored } from '../words/subject.ts'

/** A forecast that beats the simplest one is plain; one that does not must be seen not to. */
export function Verdict({ beats }: { readonly beats: boolean }) {
  const t = useText()
  return <span className={beats ? 'status good' : 'status hollow'}>{t(beats ? 'forecasts.beats' : 'forecasts.beats_not')}</span>
}

/** How often the interval held what came; null where too little was measured. */
export function Coverage({ measured }: { readonly measured: number | null }) {
  const format = useFormat()
  return <span data-value>{measured === null ? '—' : format.percent(measured)}</span>
}

/** Models by the name that the field calls them by. */
export function ModelName({ model }: { readonly model: (typeof forecastModels)[number] }) {
  const t = useText()
  return <>{t(`forecasts.model_${underscored(model)}`)}</>
}
