import { observatory, observatoryDefaults } from '../modules/observatory/index.ts'
import { report } from '../modules/report/index.ts'
import type { Module, Platform } from '../platform/module.ts'
import { OperatorError } from '../platform/operator-error.ts'
import type { NodeConfig } from './config.ts'

/** The part of the configuration that belongs to a module: known keys only, each of its default's type. */
function sectionOf<T extends object>(name: string, defaults: T, given: Readonly<Record<string, unknown>>): Partial<T> {
  for (const [key, value] of Object.entries(given)) {
    const standard: unknown = Object.hasOwn(defaults, key) ? defaults[key as keyof T] : undefined
    if (standard === undefined) throw new OperatorError(`The configuration names "${name}.${key}", which no key is called.`, `It may be one of ${Object.keys(defaults).join(', ')}.`)
    const right = typeof value === typeof standard && (typeof value !== 'number' || (Number.isSafeInteger(value) && value >= 0))
    if (!right) throw new OperatorError(`The configuration's "${name}.${key}" must be a ${typeof standard}.`, `It is ${String(standard)} when left out.`)
  }
  return given as Partial<T>
}

/** The capabilities of a node, lowest rank first. */
export const makeModules = (platform: Platform, config: NodeConfig): readonly Module[] => [
  observatory(platform, sectionOf('observatory', observatoryDefaults, config.observatory)),
  report(platform, config.report),
]
