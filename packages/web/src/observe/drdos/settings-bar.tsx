import { attackDefinitions, type AttackDefinition } from '@hirundo/contract'
import { useState } from 'react'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Segmented, TextField } from '../../ui/field.tsx'
import { boundedNumber, bounds, definitionChoices, type AttackSettings, type DefinitionChoice } from './attack-settings.ts'

/** Each by the name that its authors gave it. */
const names: Readonly<Record<AttackDefinition, string>> = { ampot: 'AmpPot', hopscotch: 'Hopscotch' }

type Change = (part: Readonly<Record<string, string | undefined>>) => void

function OwnNumbers({ settings, change }: { readonly settings: AttackSettings; readonly change: Change }) {
  const t = useText()
  const [packets, setPackets] = useState(String(settings.packets_min))
  const [gap, setGap] = useState(String(settings.gap_s))
  const [packets_ok, gap_ok] = [boundedNumber(packets, bounds.packets_min) !== undefined, boundedNumber(gap, bounds.gap_s) !== undefined]
  return (
    <form className="row own-numbers" noValidate onSubmit={(event) => {
      event.preventDefault()
      if (packets_ok && gap_ok) change({ packets_min: packets.trim(), gap_s: gap.trim() })
    }}>
      <TextField label={t('drdos.packets_min')} value={packets} onChange={setPackets} inputMode="numeric" maxLength={7} error={packets_ok ? undefined : t('drdos.packets_wrong')} />
      <TextField label={t('drdos.gap_s')} value={gap} onChange={setGap} inputMode="numeric" maxLength={5} error={gap_ok ? undefined : t('drdos.gap_wrong')} />
      <Button type="submit" isDisabled={!packets_ok || !gap_ok}>{t('ui.apply')}</Button>
    </form>
  )
}

/** Which definition of an attack is asked with; it is a part of the page's address. */
export function SettingsBar({ settings, change }: { readonly settings: AttackSettings; readonly change: Change }) {
  const t = useText()
  const format = useFormat()
  const labelOf = (id: DefinitionChoice): string => {
    if (id === 'own') return t('drdos.own')
    const { packets_min, gap_s } = attackDefinitions[id]
    return t('drdos.choice', { name: names[id], packets: format.number(packets_min), gap: format.number(gap_s) })
  }
  return (
    <>
      <Segmented<DefinitionChoice> label={t('drdos.definition')} value={settings.definition} choices={definitionChoices.map((id) => ({ id, label: labelOf(id) }))}
        onChange={(next) => change(next === 'own'
          ? { definition: next, packets_min: String(settings.packets_min), gap_s: String(settings.gap_s) }
          : { definition: next === 'ampot' ? undefined : next, packets_min: undefined, gap_s: undefined })} />
      {settings.definition === 'own' && <OwnNumbers key={`${settings.packets_min} ${settings.gap_s}`} settings={settings} change={change} />}
    </>
  )
}
