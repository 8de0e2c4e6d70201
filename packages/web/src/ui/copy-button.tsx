import { useText } from '../text/text.tsx'
import { Button } from './button.tsx'
import { useToast } from './toast.tsx'

/** Puts a text on the clipboard. The clipboard is closed to pages that came over plain HTTP: there the text can only be selected, and there is no button. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const t = useText()
  const say = useToast()
  if (!isSecureContext) return null
  const copy = () => navigator.clipboard.writeText(text).then(() => say(t('ui.copied')), () => undefined)
  return <Button aria-label={t('people.action_about', { action: t('ui.copy'), name: what })} onPress={() => void copy()}>{t('ui.copy')}</Button>
}
