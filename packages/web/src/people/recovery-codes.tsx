import { useState } from 'react'
import { useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Check } from '../ui/check.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { download } from '../ui/download.ts'

/** Shown once; the way on opens when the person says that they were kept. */
export function RecoveryCodes({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => void }) {
  const t = useText()
  const [kept, setKept] = useState(false)
  const text = codes.join('\n')
  return (
    <section className="once" aria-label={t('people.recovery')}>
      <p>{t('people.recovery_about')}</p>
      <ul className="codes">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
      <div className="row">
        <CopyButton text={text} what={t('people.recovery')} />
        <Button onPress={() => download('hirundo-recovery-codes.txt', 'text/plain', `${text}\n`)}>{t('people.download')}</Button>
      </div>
      <Check isSelected={kept} onChange={setKept}>{t('people.recovery_kept')}</Check>
      <div><Button kind="primary" isDisabled={!kept} onPress={onKept}>{t('people.go_on')}</Button></div>
    </section>
  )
}
