import { useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { oneOf } from '../../app/search-params.ts'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Page } from '../../ui/page.tsx'
import { stepText } from './explore-state.ts'
import { LongSeries } from './long-series.tsx'
import { madeUp } from './made-up.ts'

const POINTS_DEFAULT = 500_000
const POINTS_MAX = 2_000_000
const BEGIN_S = Date.UTC(2025, 0, 1) / 1000
const STEP_S = 60

/** The long series with made-up values, as many as the address says: for tests and for who wants to see how it feels. */
export function LongSeriesPage() {
  const t = useText()
  const format = useFormat()
  const asked = Number(oneOf((useSearch({ strict: false }) as Record<string, unknown>)['points']))
  const points = Number.isSafeInteger(asked) && asked > 0 ? Math.min(POINTS_MAX, asked) : POINTS_DEFAULT
  const lines = useMemo(() => [{ key: 'made-up', label: t('explore.made_up'), values: madeUp(points, 1) }], [points, t])
  return (
    <Page name={t('explore.long_name')} sentence={t('explore.long_sentence', { points: format.number(points) })}>
      <LongSeries label={t('explore.made_up')} from_s={BEGIN_S} step_s={STEP_S} lines={lines} scale="linear" unit={t('explore.unit', { measure: 'packets_per_sensor', step: stepText(STEP_S, t) })} />
    </Page>
  )
}
