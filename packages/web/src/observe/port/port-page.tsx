import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'

export function PortPage() {
  const t = useText()
  return <Page name={t('port.title')} sentence={t('port.title')}>{null}</Page>
}
