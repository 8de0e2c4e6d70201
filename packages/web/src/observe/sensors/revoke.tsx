import { revokeSensor, type SensorView } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../../api/api.ts'
import { useStepUp } from '../../people/use-step-up.ts'
import { useText } from '../../text/text.tsx'
import { Ask } from '../../ui/ask.tsx'
import { TextField } from '../../ui/field.tsx'
import { ProblemView } from '../../ui/state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useSensorsChanged } from './use-sensors.ts'

const NOTE_CHARACTERS_MAX = 200

/** Ends a sensor's key for good, after a question and with a note for those who look later. */
export function Revoke({ sensor }: { readonly sensor: SensorView }) {
  const t = useText()
  const say = useToast()
  const changed = useSensorsChanged()
  const [note, setNote] = useState('')
  const { run, busy, error } = useStepUp()
  const revoke = async () => {
    const revoked = await run(() => call(revokeSensor, { params: { id: sensor.id }, body: note.trim() === '' ? {} : { note: note.trim() } }))
    if (revoked) say(t('sensors.revoked_toast', { name: sensor.name }))
    changed()
  }
  return (
    <>
      <Ask label={t(sensor.state === 'pending' ? 'sensors.refuse' : 'sensors.revoke')} isPending={busy} onConfirm={() => void revoke()} question={
        <>
          {t(sensor.state === 'pending' ? 'sensors.refuse_question' : 'sensors.revoke_question', { name: sensor.name })}
          <TextField label={t('sensors.note_label')} value={note} onChange={setNote} maxLength={NOTE_CHARACTERS_MAX} />
        </>
      } />
      {error !== undefined && <ProblemView error={error} />}
    </>
  )
}
