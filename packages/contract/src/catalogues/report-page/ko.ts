import type { TextsLike } from '../texts.ts'
import type { texts as en } from './en.ts'

/** Korean. Draft: to be reviewed by a native speaker of the field. */
export const texts: TextsLike<typeof en> = {
  'report_page.sentence': '{quarter} 보고서를 작성하고 있습니다.',
  'report_page.choose': '분기',
  'report_page.quarter': '{year}년 {quarter}분기',
  'report_page.quarter_running': '{year}년 {quarter}분기(진행 중)',
  'report_page.frame': '분기 보고서: {quarter}',
  'report_page.unwatched': '이 분기에는 관측한 센서가 없어 보고할 내용이 없습니다.',
  'report_page.show_running': '진행 중인 분기 보기',
  'report_page.file_pdf': 'PDF 내려받기',
  'report_page.file_html': 'HTML 내려받기',
  'report_page.file_json': 'JSON 내려받기',
  'report_page.pdf_busy': 'PDF를 만들고 있습니다. 몇 초 걸립니다.',
  'report_page.no_browser': '이 노드에서는 PDF를 만들 수 없습니다. 컴퓨터에 Chromium이나 Chrome이 없습니다.',
  'report_page.no_browser_next': 'HTML을 내려받아 브라우저에서 PDF로 인쇄하십시오. A4에 맞추어져 있습니다. 또는 운영자에게 노드에 Chromium을 설치해 달라고 요청하십시오.',
}
