import { createEnrolmentToken, type CallOutput } from '@hirundo/contract'
import { useState } from 'react'
import { call } from '../../api/api.ts'
import { useStepUp } from '../../people/use-step-up.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { Once } from '../../ui/once.tsx'
import { ProblemView } from '../../ui/state.tsx'
import { Fingerprint } from './fingerprint-check.tsx'

const validities = ['1', '24', '168', '720'] as const
type Validity = (typeof validities)[number]
const NOTE_CHARACTERS_MAX = 200

type Token = CallOutput<typeof createEnrolmentToken>

/** What is typed on the sensor's machine; NAME and NETWORKS are for the person there to replace. */
const enrolCommand = ({ token }: Token): string =>
  `hirundo-sensor enrol --state /var/lib/hirundo-sensor --node ${location.origin} --token ${token} --name NAME --dst NETWORKS`

function Made({ token }: { readonly token: Token }) {
  const t = useText()
  const format = useFormat()
  const command = enrolCommand(token)
  return (
    <>
      <Once label={t('sensors.token')} value={token.token}>
        <p>{t('sensors.token_once', { at: format.instant(token.expires_at), utc: format.utc(token.expires_at) })}</p>
      </Once>
      <h3>{t('sensors.token_command')}</h3>
      <pre className="code" data-value tabIndex={0} aria-label={t('sensors.token_command')}>{command}</pre>
      <div className="row"><CopyButton text={command} what={t('sensors.token_command')} /></div>
      <p>{t('sensors.token_names')}</p>
      <h3>{t('sensors.token_then')}</h3>
      <p>{t('sensors.token_node')} <Fingerprint text={token.node_fingerprint} /></p>
      <p>{t('sensors.token_next')}</p>
    </>
  )
}

/** A one-time token for one sensor: shown once, with the command that uses it. */
export function NewToken({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  const [note, setNote] = useState('')
  const [validity, setValidity] = useState<Validity>('24')
  const [token, setToken] = useState<Token>()
  const { run, busy, error } = useStepUp()
  const make = async () => setToken(await run(() => call(createEnrolmentToken, { body: { valid_hours: Number(validity), ...(note.trim() === '' ? {} : { note: note.trim() }) } })))
  return (
    <Dialog title={t('sensors.new')} isOpen onClose={onClose} kept={token !== undefined}>
      {token ? <Made token={token} /> : (
        <form className="stack" onSubmit={(event) => {
          event.preventDefault()
          void make()
        }}>
          <p>{t('sensors.new_text')}</p>
          <TextField label={t('sensors.new_note')} hint={t('sensors.new_note_hint')} value={note} onChange={setNote} maxLength={NOTE_CHARACTERS_MAX} autoFocus />
          <Select<Validity> label={t('sensors.new_valid')} value={validity} onChange={setValidity}
            choices={validities.map((id) => ({ id, label: Number(id) < 48 ? t('ui.hours', { n: Number(id) }) : t('ui.days', { n: Number(id) / 24 }) }))} />
          {error !== undefined && <ProblemView error={error} />}
          <div><Button type="submit" kind="primary" isPending={busy}>{t('sensors.new_make')}</Button></div>
        </form>
      )}
    </Dialog>
  )
}
