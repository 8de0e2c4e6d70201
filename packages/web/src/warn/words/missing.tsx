import { Link } from '@tanstack/react-router'
import { ProblemError } from '../../api/api.ts'
import { Page } from '../../ui/page.tsx'

/** Whether what an address names is not there: unknown, or nothing that could be an id. To try again would not help. */
export const isMissing = (error: unknown): boolean => error instanceof ProblemError && (error.problem.status === 404 || error.problem.code === 'request/invalid')

/** Instead of a page about something that is not there: that it is not, why that may be, and the list. */
export function Missing({ name, title, text, to, link }: { readonly name: string; readonly title: string; readonly text: string; readonly to: '/warn' | '/warn/bulletins'; readonly link: string }) {
  return <Page name={name} sentence={title}><p className="quiet">{text}</p><p><Link to={to}>{link}</Link></p></Page>
}
