import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { apiClient, type ApiClient, type ApiResult } from '@hirundo/contract'
import { Child } from '../process/child.ts'
import { jsonLine, programs } from '../process/programs.ts'

export interface NodeProcessOptions {
  readonly data_dir: string
  /** 0: any free port. */
  readonly port: number
  readonly env?: Readonly<Record<string, string>>
  readonly start_ms_max?: number
  /** How far the node's clock is behind, so that a past is its present. */
  readonly behind_ms?: number
  /** Arguments of Node itself. */
  readonly node_args?: readonly string[]
}

/** `hirundo start` in a child process, with both of its stores below it. */
export interface NodeProcess {
  readonly child: Child
  readonly url: string
  /** The administrator's. */
  readonly token: string
  /** The one-time link that makes the first administrator; undefined when there is somebody already. */
  readonly setup: string | undefined
  readonly client: ApiClient
}

const START_MS_MAX = 120_000

/** Starts a node and resolves when it says that it is ready; throws with what it wrote last. */
export async function startNodeProcess(options: NodeProcessOptions): Promise<NodeProcess> {
  const listen = `127.0.0.1:${options.port}`
  const child = new Child({
    name: 'hirundo', command: process.execPath,
    args: [...(options.node_args ?? []), ...(options.behind_ms === undefined
      ? [programs.node, 'start', '--data', options.data_dir, '--listen', listen, '--json']
      : [programs.pastNode, options.data_dir, listen, String(options.behind_ms)])],
    ...(options.env === undefined ? {} : { env: options.env }),
  })
  try {
    const ready = await child.waitForLine((line) => {
      const said = jsonLine(line)
      return said?.['ready'] === true && typeof said['url'] === 'string' ? (said as { url: string; token?: string; setup?: string }) : undefined
    }, options.start_ms_max ?? START_MS_MAX)
    const token = ready.token ?? await firstToken(options.data_dir)
    return { child, url: ready.url, token, setup: ready.setup, client: apiClient({ url: ready.url, token }) }
  } catch (error) {
    await child.stop(10_000)
    throw error
  }
}

/** Only the first start prints the token; later ones find it where the node keeps it. */
async function firstToken(data_dir: string): Promise<string> {
  const { token } = JSON.parse(await readFile(join(data_dir, 'admin.json'), 'utf8')) as { token?: unknown }
  if (typeof token === 'string') return token
  throw new Error(`${data_dir} was started before and its token is not there; use another directory`)
}

/** The value of an answer; a problem is thrown with its code. */
export function answerOf<T>(result: ApiResult<T>): T {
  if (result.ok) return result.value
  const { code, title, detail } = result.problem
  throw new Error(`${code}: ${title}${detail === '' ? '' : ` (${detail})`}`)
}
