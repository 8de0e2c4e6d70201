import { approveSensor, type SensorView } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../../api/api.ts'
import { useStepUp } from '../../people/use-step-up.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { ProblemView } from '../../ui/state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { compareFingerprint } from './fingerprint.ts'
import { FingerprintCheck } from './fingerprint-check.tsx'
import { useSensorsChanged } from './use-sensors.ts'

/** Lets a sensor in once its operator has read out the fingerprint of its key. */
export function Approve({ sensor }: { readonly sensor: SensorView }) {
  const t = useText()
  const say = useToast()
  const changed = useSensorsChanged()
  const [read, setRead] = useState('')
  const { run, busy, error } = useStepUp()
  const comparison = compareFingerprint(read, sensor.fingerprint)
  const approve = async () => {
    const approved = await run(() => call(approveSensor, { params: { id: sensor.id }, body: { fingerprint: read } }))
    if (approved) say(t('sensors.approved_toast', { name: sensor.name }))
    changed()
  }
  return (
    <form className="stack" onSubmit={(event) => {
      event.preventDefault()
      if (comparison.state === 'same') void approve()
    }}>
      <p>{t('sensors.approve_how', { name: sensor.name })}</p>
      <TextField label={t('sensors.read_label')} hint={t('sensors.read_hint')} value={read} onChange={setRead} maxLength={60} autoComplete="off" spellCheck="false" />
      <FingerprintCheck comparison={comparison} name={sensor.name} />
      {error !== undefined && <ProblemView error={error} />}
      <div><Button type="submit" kind="primary" isDisabled={comparison.state !== 'same'} isPending={busy}>{t('sensors.approve')}</Button></div>
    </form>
  )
}
