import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'

export function GalleryPage() {
  const t = useText()
  return <Page name={t('ui.none')} sentence={t('ui.none')}>{null}</Page>
}
