import type { ApiProblem, Language } from '@hirundo/contract'
import { useState } from 'react'
import { ProblemError } from '../api/api.ts'
import { useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { download } from '../ui/download.ts'
import { Notice, ProblemView } from '../ui/state.tsx'
import { reportAddress, reportFile, type ReportFormat } from './report-address.ts'
import type { Quarter } from './quarters.ts'

/** A problem+json answer of an address that gives a file otherwise. */
async function problemOf(response: Response): Promise<ProblemError> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>
  const text = (name: string): string => (typeof body[name] === 'string' ? body[name] : '')
  const problem: ApiProblem = { code: text('type').replace('urn:hirundo:problem:', '') || 'internal', status: response.status, title: text('title') || `HTTP ${response.status}`, detail: text('detail'), instance: text('instance') }
  return new ProblemError(problem)
}

const silent = (cause: unknown): ProblemError => new ProblemError({ code: 'unreachable', status: 0, title: '', detail: String(cause), instance: '' })

/** A file of the node. Throws ProblemError. */
async function fetchFile(address: string, language: string): Promise<Blob> {
  const response = await fetch(address, { headers: { 'accept-language': language }, redirect: 'error' }).catch((cause: unknown) => { throw silent(cause) })
  if (!response.ok) throw await problemOf(response)
  return response.blob()
}

/** The report as files; what the node cannot make, it says here and not in a lost tab. */
export function ReportFiles({ quarter, language }: { readonly quarter: Quarter; readonly language: Language }) {
  const t = useText()
  const [busy, setBusy] = useState<ReportFormat>()
  const [error, setError] = useState<unknown>()
  const take = async (format: ReportFormat) => {
    setBusy(format)
    setError(undefined)
    try {
      const file = await fetchFile(reportAddress(quarter, format, language), document.documentElement.lang)
      download(reportFile(quarter, format, language), file.type, file)
    } catch (reason) {
      setError(reason)
    } finally {
      setBusy(undefined)
    }
  }
  const no_browser = error instanceof ProblemError && error.problem.code === 'report/no-browser'
  return (
    <div className="stack">
      <div className="row">
        {(['pdf', 'html', 'json'] as const).map((format) => (
          <Button key={format} isPending={busy === format} isDisabled={busy !== undefined && busy !== format} onPress={() => void take(format)}>{t(`report_page.file_${format}`)}</Button>
        ))}
        {busy === 'pdf' && <span className="quiet" role="status">{t('report_page.pdf_busy')}</span>}
      </div>
      {no_browser
        ? <Notice kind="person"><strong>{t('report_page.no_browser')}</strong><span>{t('report_page.no_browser_next')}</span></Notice>
        : error !== undefined && <ProblemView error={error} />}
    </div>
  )
}
