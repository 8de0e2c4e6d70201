import { parentPort, workerData } from 'node:worker_threads'
import { Engine } from '../../detectors/engine.ts'
import type { Detector } from '../../detectors/model.ts'
import { Look } from './look.ts'
import type { FromWorker, ToWorker, WorkerStart } from './protocol.ts'
import { readState, writeState } from './state-file.ts'
import { whyNotKept } from './why-not-kept.ts'

const port = parentPort!
const say = (message: FromWorker): void => port.postMessage(message)

/** An engine as it was saved, or a new one. Throws when the state is damaged or of another version. */
function engineOf({ scene, parameters, seed, state_path }: WorkerStart, detectors: readonly Detector[] | undefined): Engine {
  const options = { scene, parameters, seed, ...(detectors ? { detectors } : {}) }
  if (state_path === undefined) return new Engine(options)
  const engine = new Engine({ ...options, saved: readState(state_path) })
  // An engine leaves aside what it does not know.
  if (engine.next === null) throw new Error('it is of another version')
  return engine
}

/** Whatever keeps a state from being written ends nobody's watch: it costs a replay after the next start. */
function save(engine: Engine, { id, path }: Extract<ToWorker, { do: 'save' }>): FromWorker {
  try {
    return { id, value: writeState(path, engine.save()) }
  } catch (error) {
    return { id, unsaved: whyNotKept(error) }
  }
}

/**
 * Runs these detectors, or those of the registry, in this thread until it is ended: what an attacker makes them do ends at its
 * bounds and never touches the node. Talks with engine-worker.ts.
 */
export function runDetectors(detectors?: readonly Detector[]): void {
  const start = workerData as WorkerStart
  let engine: Engine
  try {
    engine = engineOf(start, detectors)
  } catch (error) {
    if (start.state_path === undefined) throw error
    say({ started: false, unreadable: error instanceof Error ? error.message : String(error) })
    port.close()
    return
  }
  const look = new Look(engine, start.gather)
  port.on('message', (message: ToWorker) => {
    if (message.do === 'rows') look.addRows(message.table, message.bytes)
    else if (message.do === 'heard') look.addHeard(message.rows)
    else if (message.do === 'push') say({ id: message.id, value: look.push(message.to) })
    else if (message.do === 'save') say(save(engine, message))
    else if (message.do === 'score') say({ id: message.id, value: look.score(message.known) })
    else say({ id: message.id, value: look.end() })
  })
  say({ started: true })
}
