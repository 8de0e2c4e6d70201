import type { Language } from '@hirundo/contract'
import { useEffect, useRef } from 'react'
import { useText } from '../text/text.tsx'
import { reportAddress } from './report-address.ts'
import type { Quarter } from './quarters.ts'

/** Makes the frame as high as what it shows, so that the page scrolls and not a box in it. */
function fit(frame: HTMLIFrameElement): void {
  const body = frame.contentDocument?.documentElement
  if (body) frame.style.height = `${body.scrollHeight + 2}px`
}

/** The report as the node writes it, in a frame: it has its own styles and no script. */
export function ReportFrame({ quarter, language, title }: { readonly quarter: Quarter; readonly language: Language; readonly title: string }) {
  const t = useText()
  const frame = useRef<HTMLIFrameElement>(null)
  useEffect(() => {
    const resized = () => frame.current && fit(frame.current)
    addEventListener('resize', resized)
    return () => removeEventListener('resize', resized)
  }, [])
  return (
    <iframe ref={frame} className="report-frame" sandbox="allow-same-origin allow-popups" src={reportAddress(quarter, 'html', language)}
      title={t('report_page.frame', { quarter: title })} onLoad={({ currentTarget }) => fit(currentTarget)} />
  )
}
