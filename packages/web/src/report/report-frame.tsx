import type { Language } from '@hirundo/contract'
import { useText } from '../text/text.tsx'
import { reportAddress } from './report-address.ts'
import type { Quarter } from './quarters.ts'

/** The report as the node writes it, in a frame of its own origin: it has its own styles, no script, and nothing of this page. */
export function ReportFrame({ quarter, language, title }: { readonly quarter: Quarter; readonly language: Language; readonly title: string }) {
  const t = useText()
  return <iframe className="report-frame" sandbox="" src={reportAddress(quarter, 'html', language)} title={t('report_page.frame', { quarter: title })} />
}
