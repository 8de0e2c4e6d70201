import { Type, type TSchema } from 'typebox'
import type { Detector } from '../detectors/model.ts'
import { detectors } from '../detectors/registry.ts'
import type { Setting } from '../../../platform/module.ts'

const lines = (pattern: string, chars_max: number) => Type.Array(Type.String({ pattern, minLength: 1, maxLength: chars_max }), { maxItems: 1000 })

export const ownEconomies = {
  key: 'warning.own_economies',
  summary: 'Economies whose addresses are your own: what comes from them to any sensor is found; two letters, one a line',
  schema: lines('^[A-Z]{2}$', 2),
  default: [],
} satisfies Setting
export const ownAsns = {
  key: 'warning.own_asns',
  summary: 'AS numbers that are your own, one a line',
  schema: lines('^(AS)?[0-9]{1,10}$', 12),
  default: [],
} satisfies Setting
export const ownNetworks = {
  key: 'warning.own_networks',
  summary: 'Networks that are your own in CIDR form, one a line',
  schema: lines('^[0-9a-fA-F:.]+/[0-9]{1,3}$', 49),
  default: [],
} satisfies Setting
export const warmUpDays = {
  key: 'warning.warm_up_days',
  summary: 'Days of stored observations that detectors go through first when they begin anew; nobody is told of what they find there',
  schema: Type.Integer({ minimum: 1, maximum: 366 }),
  default: 30,
} satisfies Setting

export const observingAddresses = {
  key: 'warning.addresses',
  summary: 'IPv4 addresses that observe, of all sensors together, where sensors do not say it themselves (imports); 0: as they say',
  schema: Type.Integer({ minimum: 0, maximum: 2 ** 32 }),
  default: 0,
} satisfies Setting

/** A bound may be lowered, not raised: it keeps memory from an attacker. */
const isBound = (name: string): boolean => name.endsWith('_max')

function schemaOf(name: string, value: unknown): TSchema | undefined {
  if (typeof value === 'boolean') return Type.Boolean()
  if (typeof value === 'number') return Type.Number({ minimum: Math.min(0, value), ...(isBound(name) ? { maximum: Math.max(1, value) } : { maximum: 1e15 }) })
  if (typeof value === 'string') return Type.String({ maxLength: 200 })
  if (Array.isArray(value)) {
    const of = schemaOf('', value[0] ?? 0)
    return of && Type.Array(of, { maxItems: 1000 })
  }
  return typeof value === 'object' && value !== null ? parametersSchema(value) : undefined
}

function parametersSchema(defaults: object): TSchema {
  const properties = Object.entries(defaults).flatMap(([name, value]) => {
    const schema = schemaOf(name, value)
    return schema ? [[name, Type.Optional(schema)] as const] : []
  })
  return Type.Object(Object.fromEntries(properties), { additionalProperties: false })
}

/** Parameters by kind, of which any may be left out. */
export const parametersOf = (all: readonly Detector[]): TSchema =>
  Type.Object(Object.fromEntries(all.map(({ kind, defaults }) => [kind, Type.Optional(parametersSchema(defaults))])), { additionalProperties: false })

export const detectorParameters = {
  key: 'warning.detector_parameters',
  summary: 'Parameters of detectors that replace their defaults, by kind: {"rsdos": {"packets_min": 50}}; "hirundo detectors" lists them',
  schema: parametersOf(detectors),
  default: {},
} satisfies Setting

export const watchSettings: readonly Setting[] = [ownEconomies, ownAsns, ownNetworks, observingAddresses, warmUpDays, detectorParameters]
