import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'

export function SourcePage() {
  const t = useText()
  return <Page name={t('source.title')} sentence={t('source.title')}>{null}</Page>
}
