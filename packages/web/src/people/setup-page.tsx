import { useText } from '../text/text.tsx'
import { Page } from '../ui/page.tsx'

export function SetupPage() {
  const t = useText()
  return <Page name={t('people.title')} sentence={t('people.title')}>{null}</Page>
}
