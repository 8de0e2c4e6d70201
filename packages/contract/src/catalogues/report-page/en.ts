/** Around the quarterly report; the report's own texts lie in the catalogue `report`. */
export const texts = {
  'report_page.sentence': 'The report of {quarter} is being put together.',
  'report_page.choose': 'Quarter',
  'report_page.quarter': '{year}, quarter {quarter}',
  'report_page.quarter_running': '{year}, quarter {quarter} (still running)',
  'report_page.frame': 'Quarterly report: {quarter}',
  'report_page.unwatched': 'No sensor watched in this quarter, so there is nothing to report of it.',
  'report_page.show_running': 'Show the running quarter',
  'report_page.file_pdf': 'Download PDF',
  'report_page.file_html': 'Download HTML',
  'report_page.file_json': 'Download JSON',
  'report_page.pdf_busy': 'The PDF is being set; this takes some seconds.',
  'report_page.no_browser': 'This node cannot set a PDF: no Chromium or Chrome is on its machine.',
  'report_page.no_browser_next': 'Download HTML and print it to PDF from your browser; it is made for A4. Or have the operator install Chromium on the node.',
} as const
