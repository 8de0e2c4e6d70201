import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'

export function ExplorePage() {
  const t = useText()
  return <Page name={t('explore.title')} sentence={t('explore.title')}>{null}</Page>
}
