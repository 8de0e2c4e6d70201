import { parseAddress, parseCidr } from '@hirundo/base'
import { addDecoy, type DecoyView } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../../api/api.ts'
import { ActProblem } from '../../people/act-problem.tsx'
import { useStepUp } from '../../people/use-step-up.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'

const NETWORK_CHARACTERS_MAX = 50
const NOTE_CHARACTERS_MAX = 200

/** Registers a network; the same again changes its note. */
export function DecoyForm({ onAdded }: { readonly onAdded: (decoy: DecoyView) => void }) {
  const t = useText()
  const { run, busy, error } = useStepUp()
  const [network, setNetwork] = useState('')
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const text = network.trim()
  const is_right = parseCidr(text).ok || parseAddress(text).ok
  const submit = async () => {
    setTried(true)
    if (!is_right) return
    const added = await run(() => call(addDecoy, { body: { network: text, ...(note.trim() === '' ? {} : { note: note.trim() }) } }))
    if (!added) return
    setNetwork('')
    setNote('')
    setTried(false)
    onAdded(added)
  }
  return (
    <form className="form" noValidate onSubmit={(event) => {
      event.preventDefault()
      void submit()
    }}>
      <TextField label={t('decoys.network')} hint={t('decoys.network_hint')} value={network} onChange={setNetwork} maxLength={NETWORK_CHARACTERS_MAX} autoComplete="off" spellCheck="false"
        error={tried && !is_right ? t('decoys.network_wrong') : undefined} />
      <TextField label={t('decoys.note')} hint={t('decoys.note_hint')} value={note} onChange={setNote} maxLength={NOTE_CHARACTERS_MAX} autoComplete="off" />
      <ActProblem error={error} />
      <div><Button type="submit" kind="primary" isPending={busy}>{t('decoys.add')}</Button></div>
    </form>
  )
}
