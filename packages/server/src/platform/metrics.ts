import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client'
import type { Metrics } from './module.ts'

export interface MetricsRegistry extends Metrics {
  /** Prometheus text exposition. */
  text(): Promise<string>
  /** Requests by route and status class; nothing in its labels comes from a request. */
  readonly requests: Counter<'route' | 'status'>
}

/** Instruments of one node: its own registry, so that several nodes may live in one process. */
export function makeMetrics(): MetricsRegistry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'hirundo_' })
  const counters = new Map<string, Counter>()
  const gauges = new Map<string, Gauge>()
  const registers = [registry]
  const once = <T>(map: Map<string, T>, name: string, make: () => T): T => {
    const found = map.get(name)
    if (found) return found
    const made = make()
    map.set(name, made)
    return made
  }
  return {
    counter: (name, help) => once(counters, name, () => new Counter({ name, help, registers })),
    gauge: (name, help) => once(gauges, name, () => new Gauge({ name, help, registers })),
    requests: new Counter({ name: 'hirundo_http_requests_total', help: 'Requests answered', labelNames: ['route', 'status'], registers }),
    text: () => registry.metrics(),
  }
}
