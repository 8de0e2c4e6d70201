import type { TextsLike } from '../texts.ts'
import type { texts as en } from './en.ts'

/** Chinese, simplified. Draft: to be reviewed by a native speaker of the field. */
export const texts: TextsLike<typeof en> = {
  'report_page.sentence': '正在编写 {quarter} 的报告。',
  'report_page.choose': '季度',
  'report_page.quarter': '{year} 年第 {quarter} 季度',
  'report_page.quarter_running': '{year} 年第 {quarter} 季度（尚未结束）',
  'report_page.frame': '季度报告：{quarter}',
  'report_page.unwatched': '本季度没有传感器在观测，因此没有可报告的内容。',
  'report_page.show_running': '查看进行中的季度',
  'report_page.file_pdf': '下载 PDF',
  'report_page.file_html': '下载 HTML',
  'report_page.file_json': '下载 JSON',
  'report_page.pdf_busy': '正在生成 PDF，需要几秒钟。',
  'report_page.no_browser': '本节点无法生成 PDF：所在机器没有 Chromium 或 Chrome。',
  'report_page.no_browser_next': '请下载 HTML，用浏览器打印为 PDF；其版式适合 A4。也可请运维人员在节点上安装 Chromium。',
}
