import { useText } from '../text/text.tsx'
import { Page } from '../ui/page.tsx'

export function ReportPage() {
  const t = useText()
  return <Page name={t('report_page.title')} sentence={t('report_page.title')}>{null}</Page>
}
