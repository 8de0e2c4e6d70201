export const texts = {
  'report_page.title': 'report-page',
} as const
