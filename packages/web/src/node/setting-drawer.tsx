import { listSettings, putSetting, type SettingView } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call, ProblemError } from '../api/api.ts'
import { useStepUp } from '../people/use-step-up.ts'
import { ActProblem } from '../people/act-problem.tsx'
import { useText, type TextKey } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Switch, TextField } from '../ui/field.tsx'
import { useToast } from '../ui/toast.tsx'
import { NetworksEditor } from './networks-editor.tsx'
import { kindOf, typedOf, valueOf, type SettingKind } from './setting-kind.ts'
import { settingText } from './setting-texts.ts'
import { SettingValue } from './setting-value.tsx'

const labels: Readonly<Record<Exclude<SettingKind, 'boolean' | 'networks'>, TextKey>> = {
  number: 'node.value_number', days: 'node.value_days', hours: 'node.value_hours', bytes: 'node.value_gib', text: 'node.value_text', lines: 'node.value_lines', json: 'node.value_json',
}
const isNumber = (kind: SettingKind): boolean => ['number', 'days', 'hours', 'bytes'].includes(kind)

/** What the node says of a value that it does not take, without the key, which stands above. */
const reasonOf = (error: unknown): string | undefined =>
  error instanceof ProblemError && error.problem.code === 'setting/invalid' ? error.problem.detail.replace(/^key: [^;]*; reason: /, '') : undefined

/** Changes one setting; what was done can be undone from the toast. */
export function SettingDrawer({ setting, onClose }: { readonly setting: SettingView; readonly onClose: () => void }) {
  const t = useText()
  const say = useToast()
  const client = useQueryClient()
  const { run, busy, error } = useStepUp()
  const kind = kindOf(setting)
  const [typed, setTyped] = useState(() => typedOf(kind, setting.value))
  const [tried, setTried] = useState(false)
  const value = valueOf(kind, typed)
  const put = async (next: unknown, before: unknown, undone = false) => {
    const done = await run(() => call(putSetting, { params: { key: setting.key }, body: { value: next } }))
    if (done === undefined) return
    void client.invalidateQueries({ queryKey: [listSettings.id] })
    say(t(undone ? 'node.setting_undone' : 'node.setting_saved'), undone ? undefined : () => void put(before, next, true))
    onClose()
  }
  const reason = reasonOf(error)
  const wrong = reason !== undefined ? t('node.setting_wrong', { reason }) : tried && value === undefined ? t(isNumber(kind) ? 'node.value_no_number' : 'node.value_no_json') : undefined
  return (
    <Dialog title={t('node.setting_title')} drawer isOpen onClose={onClose}>
      <p>{settingText(setting, t)}</p>
      <form className="form" noValidate onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (value !== undefined) void put(value, setting.value)
      }}>
        {kind === 'boolean' ? <Switch isSelected={typed === 'true'} onChange={(on) => setTyped(String(on))}>{t('node.value_on')}</Switch>
          : kind === 'networks' ? <NetworksEditor typed={typed} onChange={setTyped} error={wrong} />
            : <TextField label={t(labels[kind])} value={typed} onChange={setTyped} autoFocus autoComplete="off" error={wrong}
              {...(isNumber(kind) ? { inputMode: 'decimal' as const } : {})} {...(kind === 'lines' || kind === 'json' ? { lines: 8 } : {})} />}
        {reason === undefined && <ActProblem error={error} />}
        <p className="field-hint">{t('node.setting_default_is')} <SettingValue setting={setting} value={setting.default} /></p>
        <div className="row">
          <Button type="submit" kind="primary" isPending={busy}>{t('ui.save')}</Button>
          <Button onPress={() => setTyped(typedOf(kind, setting.default))}>{t('node.setting_to_default')}</Button>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  )
}
