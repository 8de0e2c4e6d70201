/** The thread that looks ahead: models that compete take seconds, which nobody who asks or delivers meanwhile is to wait for. */
import { parentPort } from 'node:worker_threads'
import { precursors, type Sign } from '../precursors.ts'
import { forecastOf } from '../rolling.ts'
import type { FromForecaster, ToForecaster } from './protocol.ts'

const port = parentPort!
const say = (message: FromForecaster): void => port.postMessage(message)
const known = new Map<number, Sign[]>()

port.on('message', (message: ToForecaster) => {
  const { id } = message
  if (message.do === 'forecast') say({ id, value: forecastOf(message.values, message.settings) })
  else if (message.do === 'signs') known.set(id, [...(known.get(id) ?? []), ...message.signs])
  else {
    say({ id, value: precursors(known.get(id) ?? [], message.settings) })
    known.delete(id)
  }
})
