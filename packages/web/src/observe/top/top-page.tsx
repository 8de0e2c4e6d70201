import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'

export function TopPage() {
  const t = useText()
  return <Page name={t('top.title')} sentence={t('top.title')}>{null}</Page>
}
