/**
 * Detectors in a thread of their own: what an attacker makes them do ends at its bounds and never touches the node. Talks with
 * engine-worker.ts.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Engine } from '../../detectors/engine.ts'
import type { Detector } from '../../detectors/model.ts'
import { Look } from './look.ts'
import type { FromWorker, ToWorker, WorkerStart } from './protocol.ts'
import { readState, writeState } from './state-file.ts'

const port = parentPort!
const say = (message: FromWorker): void => port.postMessage(message)

function savedState({ state_path }: WorkerStart): { readonly state?: unknown; readonly unreadable?: string } {
  if (state_path === undefined) return {}
  try {
    return { state: readState(state_path) }
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) }
  }
}

async function main(start: WorkerStart): Promise<void> {
  const { state, unreadable } = savedState(start)
  if (unreadable !== undefined) {
    say({ started: false, unreadable })
    return port.close()
  }
  const given = start.detectors_url === undefined ? undefined : ((await import(start.detectors_url)) as { readonly detectors: readonly Detector[] }).detectors
  const { scene, parameters, seed, gather } = start
  const engine = new Engine({ scene, parameters, seed, ...(given ? { detectors: given } : {}), ...(state === undefined ? {} : { saved: state }) })
  const look = new Look(engine, gather)
  port.on('message', (message: ToWorker) => {
    if (message.do === 'rows') look.addRows(message.table, message.bytes)
    else if (message.do === 'heard') look.addHeard(message.rows)
    else if (message.do === 'push') say({ id: message.id, value: look.push(message.to) })
    else if (message.do === 'save') say({ id: message.id, value: writeState(message.path, engine.save()) })
    else say({ id: message.id, value: look.end() })
  })
  say({ started: true })
}

await main(workerData as WorkerStart)
