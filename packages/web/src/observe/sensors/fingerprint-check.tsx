import { useText } from '../../text/text.tsx'
import { Notice } from '../../ui/state.tsx'
import { groupsOf, type Comparison } from './fingerprint.ts'

/** A fingerprint in its groups, as it is read out. */
export const Fingerprint = ({ text }: { readonly text: string }) => <code className="fingerprint" data-value>{groupsOf(text).map((group, i) => <span key={i}>{group}</span>)}</code>

/** What was read out above what the key has, group by group; nothing of the key is shown before a whole fingerprint was read. */
export function FingerprintCheck({ comparison, name }: { readonly comparison: Comparison; readonly name: string }) {
  const t = useText()
  const { state, groups, differ } = comparison
  const whole = state === 'same' || state === 'different'
  return (
    <div className="stack" role="status">
      {(state === 'partial' || state === 'long') && <p className="quiet">{t(state === 'long' ? 'sensors.read_long' : 'sensors.read_more')}</p>}
      {state !== 'empty' && (
        <table className="fingerprint-table">
          <caption className="sr">{t('sensors.comparison')}</caption>
          <tbody>
            <tr><th scope="row">{t('sensors.read_out')}</th>{groups.map(({ read }, i) => <td key={i}><code>{read}</code></td>)}</tr>
            {whole && <tr><th scope="row">{t('sensors.key_has')}</th>{groups.map(({ known, same }, i) => <td key={i} className={same ? undefined : 'loss'}><code>{known}</code></td>)}</tr>}
            {whole && <tr><th scope="row"><span className="sr">{t('sensors.same')}</span></th>{groups.map(({ same }, i) => (
              <td key={i} className={same ? 'good' : 'loss'}><span aria-hidden="true">{same ? '=' : '≠'}</span><span className="sr">{t(same ? 'sensors.group_same' : 'sensors.group_differs')}</span></td>
            ))}</tr>}
          </tbody>
        </table>
      )}
      {state === 'same' && <p className="good">{t('sensors.all_same', { name })}</p>}
      {state === 'different' && (
        <Notice kind="loss">
          <strong>{t('sensors.mismatch', { n: differ.length, groups: differ.join(', ') })}</strong>
          <span>{t('sensors.mismatch_next')}</span>
        </Notice>
      )}
    </div>
  )
}
