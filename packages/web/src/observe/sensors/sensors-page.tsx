import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'

export function SensorsPage() {
  const t = useText()
  return <Page name={t('sensors.title')} sentence={t('sensors.title')}>{null}</Page>
}
