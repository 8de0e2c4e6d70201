import type { Language } from '@hirundo/contract'
import type { Quarter } from './quarters.ts'

export type ReportFormat = 'html' | 'pdf' | 'json'

/** Where the node serves a report; JSON is what stands there without an ending. */
export const reportAddress = ({ year, quarter }: Quarter, format: ReportFormat, language: Language): string =>
  `/api/v1/reports/quarter/${year}/${quarter}${format === 'json' ? '' : `.${format}`}?language=${language}`

/** Name of the file that a reader keeps. */
export const reportFile = ({ year, quarter }: Quarter, format: ReportFormat, language: Language): string => `hirundo-${year}-q${quarter}-${language}.${format}`
