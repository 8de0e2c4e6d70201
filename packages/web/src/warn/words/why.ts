import type { Crossed, FigureName, FindingKind } from '@hirundo/contract'
import type { Format } from '../../text/format.ts'
import type { Text } from '../../text/text.tsx'
import type { Finding } from './finding.ts'
import { figureName, figureNumber, figureValue, isFigureName, isRate } from './figure-units.ts'

/** The figures that say most about a kind, in their order. */
const telling: Readonly<Record<FindingKind, readonly FigureName[]>> = {
  'rsdos': ['max_ppm', 'estimated_pps', 'packets', 'sensors'],
  'drdos': ['requests', 'amplification', 'max_ppm', 'sensors'],
  'scan': ['destination_share', 'ports', 'estimated_pps', 'packets'],
  'campaign': ['members', 'ports', 'sources', 'packets'],
  'change-point': ['packets', 'packets_before', 'score', 'sources'],
  'synchronised': ['synchronised_sources', 'variance_ratio', 'density', 'packets'],
  'worm': ['doubling_time_s', 'sources', 'infected_share', 'sensors'],
  'new': ['sources', 'sensors', 'days_known', 'packets'],
  'spike': ['sources', 'median', 'packets'],
  'own-network': ['dialogues', 'handshakes', 'ports', 'packets'],
}

export interface Told { readonly name: FigureName; readonly value: number; readonly crossed?: Crossed }

/** What a row says in figures: of those that its kind is known by, the first that it has. */
export function tellingFigures(finding: Pick<Finding, 'kind' | 'figures' | 'crossed' | 'packets' | 'sources' | 'sensors' | 'max_ppm'>, count: number): Told[] {
  const known: Readonly<Record<string, number | null | undefined>> = { packets: finding.packets, sources: finding.sources, sensors: finding.sensors, max_ppm: finding.max_ppm, ...finding.figures }
  return telling[finding.kind].flatMap((name) => {
    const value = known[name]
    const crossed = finding.crossed?.find(({ figure }) => figure === name)
    return typeof value === 'number' && (value > 0 || name === 'packets') && !(name === 'amplification' && value < 1) ? [{ name, value, ...(crossed ? { crossed } : {}) }] : []
  }).slice(0, count)
}

/** `sources 412`, in the reader's language. */
export const toldText = ({ name, value }: Pick<Told, 'name' | 'value'>, format: Format, t: Text): string => t('warn.told', { figure: t(`warn.figure.${name}`), value: figureValue(name, value, format, t) })

const valueOf = (name: string, value: number, format: Format, t: Text): string => (isFigureName(name) ? figureValue(name, value, format, t) : format.decimal(value))

/** A threshold and what crossed it: `sources: 412, at least 20 raise`. */
export const crossedText = ({ figure, value, threshold, rule }: Crossed, format: Format, t: Text): string =>
  t('warn.crossed', { figure: figureName(figure, t), value: valueOf(figure, value, format, t), threshold: valueOf(figure, threshold, format, t), rule })

export const thresholdText = ({ figure, threshold, rule }: Crossed, format: Format, t: Text): string => t('warn.threshold', { threshold: valueOf(figure, threshold, format, t), rule })
export const crossedValue = ({ figure, value }: Crossed, format: Format, t: Text): string => valueOf(figure, value, format, t)
/** Beside the value, which says the unit. */
export const shortThreshold = ({ figure, threshold, rule }: Crossed, format: Format, t: Text): string =>
  t('warn.threshold_short', { threshold: isRate(figure) ? figureNumber(threshold, format) : valueOf(figure, threshold, format, t), rule })
