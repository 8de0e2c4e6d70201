import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { useFormat } from '../../text/format.ts'
import { useReader, useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Segmented } from '../../ui/field.tsx'
import { useWidth } from '../../ui/use-width.ts'
import { LongLegend } from './long-legend.tsx'
import { LongPlot, type LongLine } from './long-plot.ts'
import { useDrag, useWheel } from './pointer.ts'
import { useThemeStamp } from './theme-stamp.ts'
import { carried, keyed, moved, zoomed, type Span, type View } from './view.ts'
import 'uplot/dist/uPlot.min.css'
import './explore.css'

export interface LongSeriesProps {
  /** What the picture is, for readers who hear it. */
  readonly label: string
  readonly from_s: number
  readonly step_s: number
  readonly lines: readonly LongLine[]
  readonly scale: 'linear' | 'log'
  readonly unit: string
  /** Takes a stretch as the period of the page; instants in seconds since 1970. */
  readonly onPeriod?: (from_s: number, to_s: number) => void
}

const HEIGHT = 340

interface Shown extends LongSeriesProps { readonly width: number; readonly host: RefObject<HTMLDivElement | null>; readonly marks: boolean }

/** The plot and the stretch that it shows; the picture changes without React, which only hears of it. */
function usePlot({ width, host, lines, from_s, step_s, scale, marks, onPeriod }: Shown) {
  const { locale, zone } = useReader()
  const format = useFormat()
  const axis = useMemo(() => {
    // Below one, a single decimal would make 0.01 a zero.
    const small = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 })
    return (value: number) => (value !== 0 && Math.abs(value) < 1 ? small.format(value) : format.compact(value))
  }, [locale, format])
  const theme = useThemeStamp()
  const length = lines[0]?.values.length ?? 0
  // Only what the buttons need: a picture that moves must not make React work for each frame.
  const [at_begin, setAtBegin] = useState(true)
  const [at_end, setAtEnd] = useState(true)
  const [point, setPoint] = useState<number>()
  const plot = useRef<LongPlot>(undefined)
  const live = useRef({ view: { from: 0, to: length }, marks, onPeriod, width })
  live.current = { ...live.current, marks, onPeriod, width }
  const show = useCallback((next: View) => {
    live.current.view = next
    plot.current?.show(next)
    setAtBegin(next.from <= 0)
    setAtEnd(next.to >= length)
  }, [length])
  const span = useRef<Span>(undefined)
  useEffect(() => {
    const before = span.current
    span.current = { from_s, step_s, length }
    show(carried(live.current.view, before, span.current))
  }, [lines, from_s, step_s, length, show])
  const has_width = width > 0
  useEffect(() => {
    if (!host.current || !has_width) return undefined
    const made = new LongPlot(host.current, live.current.width, live.current.view, {
      from_s, step_s, lines, scale, locale, zone, format: axis, height: HEIGHT, onPoint: setPoint, marks: () => live.current.marks,
      onMark: (marked) => {
        const { onPeriod: take } = live.current
        if (take) take(from_s + marked.from * step_s, from_s + marked.to * step_s)
        else show(marked)
      },
    })
    plot.current = made
    return () => {
      plot.current = undefined
      made.destroy()
    }
  }, [host, has_width, lines, from_s, step_s, scale, locale, zone, axis, theme, show])
  useEffect(() => { if (has_width) plot.current?.resize(width) }, [width, has_width])
  const now = useCallback(() => live.current.view, [])
  return { at_begin, at_end, point, length, show, now, plot }
}

/** A long series that is moved and zoomed by drag, wheel and keyboard; marking a stretch makes it the period. */
export function LongSeries(props: LongSeriesProps) {
  const { label, from_s, step_s, lines, onPeriod, unit } = props
  const t = useText()
  const [host, width] = useWidth<HTMLDivElement>()
  const [mode, setMode] = useState<'move' | 'mark'>('move')
  const { at_begin, at_end, point, length, show, now, plot } = usePlot({ ...props, width, host, marks: mode === 'mark' })
  const perPixel = useCallback(() => (now().to - now().from) / Math.max(1, plot.current?.width ?? 1), [now, plot])
  useDrag(host, useCallback((pixels: number) => show(moved(now(), -pixels * perPixel(), length)), [show, now, perPixel, length]), mode === 'move')
  useWheel(host, useCallback((factor: number, at: number) => show(zoomed(now(), factor, at, length)), [show, now, length]))
  const onKeyDown = (event: KeyboardEvent) => {
    const next = event.altKey || event.ctrlKey || event.metaKey ? undefined : keyed(now(), event.key, length)
    if (!next) return
    event.preventDefault()
    event.stopPropagation()
    show(next)
  }
  const press = (key: string) => () => show(keyed(now(), key, length)!)
  const whole = at_begin && at_end
  const take = onPeriod && (() => onPeriod(from_s + Math.floor(now().from) * step_s, from_s + Math.ceil(now().to) * step_s))
  return (
    <div className="long-series">
      <div className="row spread screen-only">
        <div className="row">
          <Segmented label={t('explore.drag')} value={mode} onChange={setMode} choices={[{ id: 'move', label: t('explore.drag_move') }, { id: 'mark', label: t('explore.drag_mark') }]} />
          <Button kind="icon" aria-label={t('explore.earlier')} onPress={press('ArrowLeft')} isDisabled={at_begin}>←</Button>
          <Button kind="icon" aria-label={t('explore.later')} onPress={press('ArrowRight')} isDisabled={at_end}>→</Button>
          <Button kind="icon" aria-label={t('explore.closer')} onPress={press('+')}>+</Button>
          <Button kind="icon" aria-label={t('explore.wider')} onPress={press('-')} isDisabled={whole}>−</Button>
          <Button kind="plain" onPress={press('0')} isDisabled={whole}>{t('explore.whole')}</Button>
        </div>
        {take && <Button onPress={take} isDisabled={whole}>{t('explore.take_period')}</Button>}
      </div>
      <p className="figure-note">{unit}</p>
      <div ref={host} className={`long-plot ${mode}`} role="application" aria-roledescription={t('explore.plot_role')} aria-label={t('explore.plot_label', { label })} tabIndex={0} onKeyDown={onKeyDown} />
      <LongLegend lines={lines} point={point} from_s={from_s} step_s={step_s} />
      <p className="figure-note screen-only">{t('explore.plot_help')}</p>
    </div>
  )
}
