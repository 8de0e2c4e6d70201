import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'

export function ComparePage() {
  const t = useText()
  return <Page name={t('compare.title')} sentence={t('compare.title')}>{null}</Page>
}
