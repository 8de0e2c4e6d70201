import { once } from 'node:events'
import { createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { OperatorError } from '../platform/operator-error.ts'

/** `HOST:PORT` or `[IPv6]:PORT`, already checked by the configuration's pattern. */
export function splitListen(listen: string): { host: string; port: number } {
  const colon = listen.lastIndexOf(':')
  return { host: listen.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(listen.slice(colon + 1)) }
}

const next: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program listens there: stop it, or choose another port with --listen.',
  EACCES: 'Ports below 1024 need a right that this account lacks: choose a higher port, and put a proxy in front.',
  EADDRNOTAVAIL: 'This machine has no such address: use one of its own, or 0.0.0.0 for all.',
  ENOTFOUND: 'The host name is not known: use an address.',
}

const cannotListen = (listen: string, error: unknown): OperatorError => {
  const { code = '' } = error as NodeJS.ErrnoException
  return new OperatorError(`The node cannot listen on ${listen} (${code || String(error)}).`, next[code] ?? 'Choose another address with --listen.')
}

/**
 * Throws what `listenOn` would throw, before anything is made: a first start that ends here has made no administrator's
 * token that nobody has seen.
 */
export async function checkListen(listen: string): Promise<void> {
  const probe = createServer()
  try {
    const listening = once(probe, 'listening')
    probe.listen(splitListen(listen))
    await listening
  } catch (error) {
    throw cannotListen(listen, error)
  }
  await new Promise((resolve) => probe.close(resolve))
}

/** Listens and returns the port, and the URL by which this machine reaches the node. Throws OperatorError when it cannot listen. */
export async function listenOn(server: FastifyInstance, listen: string): Promise<{ readonly url: string; readonly port: number }> {
  const { host, port } = splitListen(listen)
  try {
    await server.listen({ host, port, backlog: 511 })
  } catch (error) {
    throw cannotListen(listen, error)
  }
  const bound = server.server.address() as { port: number }
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return { url: `http://${reached.includes(':') ? `[${reached}]` : reached}:${bound.port}`, port: bound.port }
}
