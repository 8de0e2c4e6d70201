import { directory } from '../modules/directory/index.ts'
import { observatory, observatoryDefaults, Projections } from '../modules/observatory/index.ts'
import { report } from '../modules/report/index.ts'
import { warning, watchDefaults } from '../modules/warning/index.ts'
import type { Module, Platform } from '../platform/module.ts'
import type { OwnEndpoint } from '../platform/notify/outbound.ts'
import { parseSmtpUrl } from '../platform/notify/smtp-url.ts'
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

const defaultPorts: Readonly<Record<string, number>> = { 'postgres:': 5432, 'postgresql:': 5432, 'http:': 80, 'https:': 443 }

/** Where the node and its stores listen: nothing that the node sends may go there. */
function ownEndpoints({ listen, database_url, clickhouse_url, public_url }: NodeConfig): readonly OwnEndpoint[] {
  const colon = listen.lastIndexOf(':')
  const urls = [database_url, clickhouse_url, public_url].flatMap((text) => (text !== undefined && URL.canParse(text) ? [new URL(text)] : []))
  return [
    { host: listen.slice(0, colon), port: Number(listen.slice(colon + 1)) },
    ...urls.map(({ hostname, port, protocol }) => ({ host: hostname, port: port === '' ? (defaultPorts[protocol] ?? 0) : Number(port) })),
  ]
}

/** The capabilities of a node, lowest rank first. */
export function makeModules(platform: Platform, config: NodeConfig): readonly Module[] {
  const projections = new Projections()
  return [
    directory(platform),
    observatory(platform, sectionOf('observatory', observatoryDefaults, config.observatory), projections),
    warning(platform, {
      projections, watch: sectionOf('warning', watchDefaults, config.warning), own: ownEndpoints(config), public_url: config.public_url,
      smtp: config.smtp_url === undefined ? undefined : parseSmtpUrl(config.smtp_url),
    }),
    report(platform, config.report),
  ]
}
