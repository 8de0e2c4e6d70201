import { useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Select, TextField } from '../ui/field.tsx'

interface Row { readonly name: string; readonly cidr: string; readonly kind?: 'scanner' | 'not' }
const rows_max = 1000

/** Networks of research scanners, one row each. `typed` is their JSON, as the setting holds it. */
export function NetworksEditor({ typed, onChange, error }: { readonly typed: string; readonly onChange: (typed: string) => void; readonly error: string | undefined }) {
  const t = useText()
  const rows = JSON.parse(typed) as Row[]
  const set = (next: readonly Row[]) => onChange(JSON.stringify(next))
  const change = (at: number, part: Partial<Row>) => set(rows.map((row, i) => (i === at ? { ...row, ...part } : row)))
  return (
    <div className="stack" role="group" aria-label={t('node.networks_edit')}>
      {rows.map((row, i) => (
        // oxlint-disable-next-line react/no-array-index-key -- rows have no identity but their place
        <fieldset key={i} className="fieldset choice">
          <legend className="sr">{t('node.network_row', { n: i + 1 })}</legend>
          <TextField label={t('node.network_cidr')} value={row.cidr} onChange={(cidr) => change(i, { cidr })} maxLength={49} autoComplete="off" />
          <TextField label={t('node.name')} value={row.name} onChange={(name) => change(i, { name })} maxLength={100} autoComplete="off" />
          <Select label={t('node.network_kind')} value={row.kind ?? 'scanner'} onChange={(kind) => change(i, { kind })}
            choices={[{ id: 'scanner', label: t('node.network_scanner') }, { id: 'not', label: t('node.network_not') }]} />
          <div><Button onPress={() => set(rows.filter((_, at) => at !== i))} aria-label={t('people.action_about', { action: t('people.remove'), name: row.name || row.cidr })}>{t('people.remove')}</Button></div>
        </fieldset>
      ))}
      {error !== undefined && <p className="field-error" role="alert">{error}</p>}
      <div><Button isDisabled={rows.length >= rows_max} onPress={() => set([...rows, { name: '', cidr: '', kind: 'scanner' }])}>{t('node.network_add')}</Button></div>
    </div>
  )
}
