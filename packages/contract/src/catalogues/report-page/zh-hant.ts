import type { TextsLike } from '../texts.ts'
import type { texts as en } from './en.ts'

/** Chinese, traditional. Draft: to be reviewed by a native speaker of the field. */
export const texts: TextsLike<typeof en> = {
  'report_page.sentence': '正在撰寫 {quarter} 的報告。',
  'report_page.choose': '季別',
  'report_page.quarter': '{year} 年第 {quarter} 季',
  'report_page.quarter_running': '{year} 年第 {quarter} 季（尚未結束）',
  'report_page.frame': '季報：{quarter}',
  'report_page.unwatched': '本季度沒有感測器在觀測，因此沒有可報告的內容。',
  'report_page.show_running': '查看進行中的季度',
  'report_page.file_pdf': '下載 PDF',
  'report_page.file_html': '下載 HTML',
  'report_page.file_json': '下載 JSON',
  'report_page.pdf_busy': '正在產生 PDF，需要幾秒鐘。',
  'report_page.no_browser': '本節點無法產生 PDF：所在機器沒有 Chromium 或 Chrome。',
  'report_page.no_browser_next': '請下載 HTML，用瀏覽器列印為 PDF；其版面適合 A4。也可請維運人員在節點上安裝 Chromium。',
}
