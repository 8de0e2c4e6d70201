import type { TextsLike } from '../texts.ts'
import type { texts as en } from './en.ts'

/** Japanese. Draft: to be reviewed by a native speaker of the field. */
export const texts: TextsLike<typeof en> = {
  'report_page.sentence': '{quarter}のレポートを作成しています。',
  'report_page.choose': '四半期',
  'report_page.quarter': '{year}年 第{quarter}四半期',
  'report_page.quarter_running': '{year}年 第{quarter}四半期（期間中）',
  'report_page.frame': '四半期レポート：{quarter}',
  'report_page.unwatched': 'この四半期に観測していたセンサーはないため、報告する内容がありません。',
  'report_page.show_running': '期間中の四半期を表示',
  'report_page.file_pdf': 'PDFをダウンロード',
  'report_page.file_html': 'HTMLをダウンロード',
  'report_page.file_json': 'JSONをダウンロード',
  'report_page.pdf_busy': 'PDFを作成しています。数秒かかります。',
  'report_page.no_browser': 'このノードではPDFを作成できません。マシンにChromiumもChromeもありません。',
  'report_page.no_browser_next': 'HTMLをダウンロードし、ブラウザーからPDFに印刷してください。A4に合わせてあります。または、運用者にChromiumのインストールを依頼してください。',
}
