import { directory } from '../modules/directory/index.ts'
import { observatory, observatoryDefaults, Projections } from '../modules/observatory/index.ts'
import { policy } from '../modules/policy/index.ts'
import { report } from '../modules/report/index.ts'
import { warning, watchDefaults } from '../modules/warning/index.ts'
import type { Module, Platform } from '../platform/module.ts'
import type { OwnEndpoint } from '../platform/notify/outbound.ts'
import { parseSmtpUrl } from '../platform/notify/smtp-url.ts'
import { OperatorError } from '../platform/operator-error.ts'
import type { NodeConfig } from './config.ts'
import { splitListen } from './listen.ts'

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

/** What the node listens on; undefined until it does. */
export interface Bound {
  readonly port: number | undefined
}

const defaultPorts: Readonly<Record<string, number>> = { 'postgres:': 5432, 'postgresql:': 5432, 'http:': 80, 'https:': 443 }

/**
 * Where the node and its stores listen: nothing that the node sends may go there. A node that listens on port 0 knows its port only
 * when it listens, which is after its modules began.
 */
export function ownEndpoints({ listen, database_url, clickhouse_url, public_url }: Pick<NodeConfig, 'listen' | 'database_url' | 'clickhouse_url' | 'public_url'>, bound: Bound): readonly OwnEndpoint[] {
  const { host, port: configured } = splitListen(listen)
  const urls = [database_url, clickhouse_url, public_url].flatMap((text) => (text !== undefined && URL.canParse(text) ? [new URL(text)] : []))
  return [
    {
      host,
      get port() {
        return bound.port ?? configured
      },
    },
    ...urls.map(({ hostname, port, protocol }) => ({ host: hostname, port: port === '' ? (defaultPorts[protocol] ?? 0) : Number(port) })),
  ]
}

/** The capabilities of a node, lowest rank first. */
export function makeModules(platform: Platform, config: NodeConfig, bound: Bound): readonly Module[] {
  const projections = new Projections()
  return [
    directory(platform),
    policy(platform).module,
    observatory(platform, sectionOf('observatory', observatoryDefaults, config.observatory), projections),
    warning(platform, {
      projections, watch: sectionOf('warning', watchDefaults, config.warning), own: ownEndpoints(config, bound), public_url: config.public_url,
      smtp: config.smtp_url === undefined ? undefined : parseSmtpUrl(config.smtp_url),
    }),
    report(platform, config.report),
  ]
}
