import { ok, type Result } from '@hirundo/base'
import { quarterReport, quarterReportHtml, quarterReportPdf, type Language } from '@hirundo/contract'
import { handle, handleFile, type FileAnswer, type Handler } from '../../platform/module.ts'
import type { Quarter } from './quarter.ts'
import type { Reports } from './reports.ts'

const asked = (params: Quarter, { language = 'en' }: { readonly language?: Language | undefined }) => ({ quarter: params, language })

/** What a browser calls the file when a reader keeps it. */
const named = ({ year, quarter }: Quarter, language: Language, kind: string) =>
  ({ 'content-disposition': `inline; filename="hirundo-${year}-q${quarter}-${language.toLowerCase()}.${kind}"` })

function file<T>(result: Result<T>, make: (value: T) => FileAnswer): Result<FileAnswer> {
  return result.ok ? ok(make(result.value)) : result
}

/** The quarterly report as data, page and PDF. */
export const reportHandlers = (reports: Reports): readonly Handler[] => [
  handle(quarterReport, ({ params, query }, { actor }) => reports.model(actor!, asked(params, query))),
  handleFile(quarterReportHtml, async ({ params, query }, { actor }) => {
    const { quarter, language } = asked(params, query)
    return file(await reports.html(actor!, { quarter, language }), ({ text, content_security_policy }) => ({
      bytes: Buffer.from(text),
      // The page of reports shows it in a frame of the same origin.
      headers: { ...named(quarter, language, 'html'), 'content-security-policy': content_security_policy, 'x-frame-options': 'SAMEORIGIN', 'content-language': language },
    }))
  }),
  handleFile(quarterReportPdf, async ({ params, query }, { actor }) => {
    const { quarter, language } = asked(params, query)
    return file(await reports.pdf(actor!, { quarter, language }), (bytes) => ({ bytes, headers: { ...named(quarter, language, 'pdf'), 'content-language': language } }))
  }),
]
