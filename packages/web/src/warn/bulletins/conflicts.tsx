import { languageNames } from '../../text/languages.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/state.tsx'
import type { Conflict } from './draft.ts'

/** That somebody else saved first, and their text wherever both changed the same field. */
export function Conflicts({ conflicts, onTake }: { readonly conflicts: readonly Conflict[]; readonly onTake: (conflict: Conflict) => void }) {
  const t = useText()
  return (
    <div role="alert">
      <Notice kind="person">
        <strong>{t('bulletins.conflict')}</strong>
        {conflicts.length > 0 && <span>{t('bulletins.conflict_both')}</span>}
        {conflicts.map((one) => (
          <section key={`${one.language} ${one.slot}`} className="stack tight">
            <strong>{t('bulletins.conflict_of', { slot: t(one.slot === 'title' ? 'bulletins.title' : `bulletins.slot_${one.slot}`), language: languageNames[one.language] })}</strong>
            <p className="said" lang={one.language} data-value>{one.theirs}</p>
            <div><Button onPress={() => onTake(one)}>{t('bulletins.conflict_take')}</Button></div>
          </section>
        ))}
      </Notice>
    </div>
  )
}
